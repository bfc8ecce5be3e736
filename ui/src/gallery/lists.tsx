import { Folder } from 'lucide-react';
import { useState } from 'react';
import { ContextMenu, useContextMenu } from '@/kit/context-menu';
import { DataGrid, type GridColumn, type GridLine, type GridSort, type GridWidths } from '@/kit/data-grid';
import { EvidenceMark } from '@/kit/evidence-mark';
import { moveBefore } from '@/kit/grid-keys';
import { Panes } from '@/kit/panes';
import { SidePanel, Split } from '@/kit/split';
import { Tree, type TreeNode } from '@/kit/tree';
import { ACTS } from './controls';
import styles from './gallery.module.css';
import { Part } from './section';

const FILES = ['Statement of claim.pdf', 'Defence.pdf', 'hm-court reply.pdf', 'Letter, 9 March.docx', 'Call log.csv', 'Site camera 04.mp4', 'Annex A.xlsx', 'Annex B.xlsx'];

const COLUMNS: readonly GridColumn<string>[] = [
  { id: 'file', header: 'File', track: 'minmax(120px, 1fr)', sortable: true, cell: (name) => name },
  { id: 'size', header: 'Size', track: '78px', align: 'end', sortable: true, cell: (name) => `${name.length}.4 MB` },
  { id: 'evidence', header: 'Evidence', track: '120px', optional: true, cell: () => <EvidenceMark grade={3} label="matched" /> },
];

/** What holds much: lists, trees, panes. */
export function Lists() {
  return (
    <>
      <Part name="Data grid: groups, order, sizes, menu" wide>
        <Files />
      </Part>
      <Part name="Tree">
        <Folders />
      </Part>
      <Part name="Panes and side" wide>
        <div className={styles.frame}>
          <Panes
            dividerLabel="Width of the list"
            initial={180}
            min={120}
            max={320}
            first={<p>List</p>}
            second={
              <Split
                side={
                  <SidePanel label="Item" title="Letter, 9 March.docx" subtitle="revision 3" closeLabel="Close" onClose={() => {}} resize={{ label: 'Width of the side' }}>
                    <p>Everything about this one.</p>
                  </SidePanel>
                }
              >
                <p>Document</p>
              </Split>
            }
          />
        </div>
      </Part>
    </>
  );
}

function Files() {
  const [order, setOrder] = useState<readonly string[]>(FILES);
  const [selected, setSelected] = useState<ReadonlySet<string>>(() => new Set(['Letter, 9 March.docx']));
  const [sort, setSort] = useState<GridSort>({ column: 'file', direction: 'ascending' });
  const [widths, setWidths] = useState<GridWidths>({});
  const control = useContextMenu();
  const row = (name: string): GridLine<string> => ({ kind: 'row', key: name, item: name });
  const lines: GridLine<string>[] = [
    { kind: 'group', key: 'a', content: <strong>A. Pleadings</strong> },
    ...order.slice(0, 3).map(row),
    { kind: 'group', key: 'b', content: <strong>B. Correspondence</strong> },
    ...order.slice(3).map(row),
  ];
  return (
    <div className={styles.frame}>
      <DataGrid
        label="Files"
        columns={COLUMNS}
        lines={lines}
        textOf={(name) => name}
        selected={selected}
        onSelect={setSelected}
        sort={sort}
        onSort={setSort}
        widths={widths}
        onWidths={setWidths}
        onMenu={control.openAt}
        reorder={{
          label: 'Drag, or Alt with an arrow',
          onMove: (keys, before) => setOrder((was) => moveBefore(was, keys, before)),
          told: (at, of) => `Now ${at} of ${of}`,
        }}
      />
      <ContextMenu label="Acts" parts={ACTS} control={control} />
    </div>
  );
}

function Folders() {
  const [chosen, setChosen] = useState<string | null>('in');
  const icon = <Folder aria-hidden size={15} />;
  const nodes: readonly TreeNode[] = [
    {
      id: 'in', name: 'Incoming', icon, detail: '214',
      below: {
        state: 'there',
        nodes: [
          { id: 'in/2026', name: '2026', icon, below: { state: 'loading' } },
          { id: 'in/court', name: 'Court', icon, below: { state: 'failed', text: 'No leave to look into it.' } },
          { id: 'in/none', name: 'Nothing', icon, below: { state: 'there', nodes: [] } },
        ],
      },
    },
    { id: 'out', name: 'Outgoing', icon, below: { state: 'unknown' } },
    { id: 'terms', name: 'Terms.pdf', below: null },
  ];
  return (
    <div className={styles.fill}>
      <Tree label="Folders" nodes={nodes} chosen={chosen} onChoose={setChosen} onLoad={() => {}} loadingText="Loading" emptyText="Nothing in it" retryLabel="Try again" expandLabel="Open or close" />
    </div>
  );
}
