import { Ellipsis, LayoutGrid, List, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Breadcrumbs } from '@/kit/breadcrumbs';
import { Button, IconButton } from '@/kit/button';
import { Chips } from '@/kit/chips';
import { ComboBox } from '@/kit/combo-box';
import { Checkbox, TextField } from '@/kit/field';
import { MenuButton, type MenuPart } from '@/kit/menu';
import { NumberField } from '@/kit/number-field';
import { Popover, Tooltip } from '@/kit/popover';
import { SearchField } from '@/kit/search-field';
import { Segmented } from '@/kit/segmented';
import { Select } from '@/kit/select';
import { Switch } from '@/kit/switch';
import { Tabs } from '@/kit/tabs';
import styles from './gallery.module.css';
import { Part } from './section';

export const ACTS: readonly MenuPart[] = [
  {
    id: 'open',
    acts: [
      { id: 'open', label: 'Open', shortcut: 'Enter', run: () => {} },
      { id: 'move', label: 'Move…', unavailable: 'A legal hold stands on it.', run: () => {} },
    ],
  },
  { id: 'end', title: 'Cannot be taken back', acts: [{ id: 'delete', label: 'Delete', shortcut: 'Delete', icon: <Trash2 size={14} />, bad: true, run: () => {} }] },
];

/** What is pressed, chosen or filled in. */
export function Controls() {
  const [text, setText] = useState('hm-court');
  const [on, setOn] = useState(true);
  const [view, setView] = useState<'list' | 'cards'>('list');
  const [chip, setChip] = useState<'mine' | 'groups'>('mine');
  const [number, setNumber] = useState<number | null>(16);
  const [unit, setUnit] = useState<'mib' | 'gib'>('mib');
  const [place, setPlace] = useState('/data/order');
  const [rule, setRule] = useState<'ask' | 'keep'>('ask');
  return (
    <>
      <Part name="Button">
        <Button>Plain</Button>
        <Button tone="go" shortcut="A">
          Approve
        </Button>
        <Button tone="bad" shortcut="R">
          Reject
        </Button>
        <Button tone="quiet">Quiet</Button>
        <Button isDisabled>Not now</Button>
        <IconButton label="Delete">
          <Trash2 aria-hidden size={16} />
        </IconButton>
      </Part>
      <Part name="Menu, popover, tooltip">
        <MenuButton
          label="Acts"
          parts={ACTS}
          trigger={
            <IconButton label="More acts">
              <Ellipsis aria-hidden size={16} />
            </IconButton>
          }
        />
        <Popover label="Why" trigger={<Button>Why it matched</Button>}>
          The sender is on the list of Northwind.
        </Popover>
        <Tooltip text="Last checked at 9:40">
          <Button>Checked</Button>
        </Tooltip>
      </Part>
      <Part name="Fields">
        <div className={styles.fill}>
          <TextField label="Name" value={text} onChange={setText} help="As it is shown in lists." />
        </div>
        <div className={styles.fill}>
          <TextField label="Host" value="" onChange={() => {}} error="A host is needed." />
        </div>
        <div className={styles.fill}>
          <TextField label="Reason" value="" onChange={() => {}} rows={2} placeholder="Needed for a reject" />
        </div>
        <div className={styles.fill}>
          <TextField label="Not to be changed" value="sftp" onChange={() => {}} disabled mono />
        </div>
      </Part>
      <Part name="Numbers and choices">
        <NumberField
          label="Part size"
          value={number}
          onChange={setNumber}
          units={[{ id: 'mib', label: 'MiB' }, { id: 'gib', label: 'GiB' }]}
          unit={unit}
          onUnit={setUnit}
          unitLabel="Unit of the part size"
          min={5}
          max={512}
        />
        <NumberField label="Keep for" value={10} onChange={() => {}} units={[{ id: 'y', label: 'years' }]} unit="y" help="From the end of the case." />
        <NumberField label="Retries" value={null} onChange={() => {}} units={[{ id: 'n', label: 'times' }]} unit="n" error="A number is needed." />
        <div className={styles.fill}>
          <Select label="If the name is taken" options={[{ id: 'ask', label: 'Ask' }, { id: 'keep', label: 'Keep both' }]} value={rule} onChange={setRule} />
        </div>
        <div className={styles.fill}>
          <ComboBox label="Place" value={place} onChange={setPlace} suggestions={[{ id: '/data/order', aside: '4711' }, { id: '/data/due', aside: '31.01.2026' }]} openLabel="Places" help="Typed, or taken from the list." mono />
        </div>
        <SearchField label="Find" value="" onChange={() => {}} shortcut="/" />
      </Part>
      <Part name="On, off, one of a few">
        <div className={styles.fill}>
          <Switch label="Watch this folder" on={on} onChange={setOn} help="Also with the window closed." />
          <Switch label="Off" on={false} onChange={() => {}} />
          <Switch label="Not now" on disabled onChange={() => {}} />
          <Checkbox label="For all of the run" checked={on} onChange={setOn} />
        </div>
        <Segmented label="View in words" segments={[{ id: 'list', label: 'List' }, { id: 'cards', label: 'Cards' }]} chosen={view} onChoose={setView} />
        <Segmented
          label="View in pictures"
          segments={[
            { id: 'list', label: 'List', icon: <List aria-hidden size={15} /> },
            { id: 'cards', label: 'Cards', icon: <LayoutGrid aria-hidden size={15} /> },
          ]}
          chosen={view}
          onChoose={setView}
        />
        <Chips label="Tasks" chips={[{ id: 'mine', label: 'Mine', count: '12' }, { id: 'groups', label: 'My groups', count: '31' }]} chosen={chip} onChoose={setChip} />
      </Part>
      <Views />
      <Part name="Breadcrumbs">
        <div className={styles.fill}>
          <Breadcrumbs
            label="Folder"
            crumbs={[{ id: '/', label: 'hm-court' }, { id: '/in', label: 'in' }, { id: '/in/2026', label: '2026' }]}
            onGo={() => {}}
            path="/in/2026"
            onPath={() => {}}
            editLabel="Type a path"
          />
          <Breadcrumbs label="Folder that is gone" crumbs={[{ id: '/', label: 'north-gmbh' }]} onGo={() => {}} path="/" onPath={() => {}} editLabel="Type another path" error="There is no folder /out." />
        </div>
      </Part>
    </>
  );
}

function Views() {
  const [ids, setIds] = useState(['Document', 'Revision 2', 'Revision 1']);
  const [chosen, setChosen] = useState('Document');
  return (
    <Part name="Tabs">
      <div className={styles.fill}>
        <Tabs
          label="Views"
          tabs={ids.map((id) => ({ id, title: id, closable: id !== 'Document', ...(id === 'Document' ? { count: '3' } : {}), content: <p>{id}</p> }))}
          chosen={chosen}
          onChoose={setChosen}
          onClose={(id) => setIds((before) => before.filter((one) => one !== id))}
          closeLabel={(title) => `Close ${title} (Delete)`}
        />
      </div>
    </Part>
  );
}
