import { Files, ShieldAlert } from 'lucide-react';
import { AreaChart } from '@/kit/area-chart';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { Count } from '@/kit/count';
import { Disclosure } from '@/kit/disclosure';
import { EmptyState } from '@/kit/empty-state';
import { EvidenceMark } from '@/kit/evidence-mark';
import { FileIcon } from '@/kit/file-icon';
import { Kbd } from '@/kit/kbd';
import { KeyValues } from '@/kit/key-values';
import { PartsBar } from '@/kit/parts-bar';
import { ProgressBar } from '@/kit/progress-bar';
import { Skeleton, Spinner } from '@/kit/skeleton';
import { Steps } from '@/kit/steps';
import { Tag } from '@/kit/tag';
import { TaskLine, TaskList } from '@/kit/task-list';
import styles from './gallery.module.css';
import { Part } from './section';

const TONES = ['ok', 'warn', 'bad', 'hold', 'accent'] as const;
const GRADES = [
  [0, 'sending'],
  [1, 'sent'],
  [2, 'accepted'],
  [3, 'matched'],
  [4, 'confirmed'],
] as const;

/** What only shows something. */
export function Signs() {
  return (
    <>
      <Part name="Evidence mark">
        {GRADES.map(([grade, word]) => (
          <EvidenceMark key={grade} grade={grade} label={word} />
        ))}
      </Part>
      <Part name="Tag, count, key, file icon">
        {TONES.map((tone) => (
          <Tag key={tone} tone={tone}>
            {tone}
          </Tag>
        ))}
        <Tag tone="plain">plain</Tag>
        <Count text="214" says="214 files" />
        <Count text="37" says="37 need you" alert />
        <Kbd>Ctrl K</Kbd>
        {(['pdf', 'image', 'sheet', 'text', 'archive', 'plain'] as const).map((kind) => (
          <FileIcon key={kind} kind={kind} />
        ))}
      </Part>
      <Part name="Callout" wide>
        {TONES.map((tone) => (
          <div key={tone} className={styles.fill}>
            <Callout tone={tone} title="Release is blocked by one file" actions={<Button>Ask again</Button>}>
              “Letter, 9 March.docx” was approved with other bytes than the pinned ones.
            </Callout>
          </div>
        ))}
      </Part>
      <Part name="Lines that ask" wide>
        <div className={styles.fill}>
          <TaskList framed>
            <TaskLine
              icon={<ShieldAlert aria-hidden size={17} strokeWidth={1.75} />}
              tone="bad"
              title="hm-court: another host key than before"
              detail="Nothing was sent."
              since="15 minutes ago"
              sinceTitle="Mar 16, 2027, 10:09:00"
              action={<Button shortcut="1">Answer…</Button>}
            />
            <TaskLine
              icon={<Files aria-hidden size={17} strokeWidth={1.75} />}
              tone="warn"
              title="300 files are already there"
              tag={<Tag tone="plain">Demo</Tag>}
              detail="Nothing was replaced."
              since="3 minutes ago"
              sinceTitle="Mar 16, 2027, 10:21:00"
              more={<Button tone="quiet">Show each</Button>}
              action={<Button shortcut="2">Answer all…</Button>}
            />
          </TaskList>
        </div>
      </Part>
      <Part name="Progress and chart">
        <div className={styles.fill}>
          <ProgressBar percent={0} label="Nothing yet" />
        </div>
        <div className={styles.fill}>
          <ProgressBar percent={62} label="On its way" thick />
        </div>
        <div className={styles.fill}>
          <AreaChart values={[2, 6, 4, 9, 12, 8, 11, 15]} least={8} label="Speed" />
        </div>
        <div className={styles.fill}>
          <PartsBar total={24} here={[[1, 9], [11, 12]]} flying={[10, 13, 14]} label="11 of 24 parts confirmed, 3 on their way" />
        </div>
        <div className={styles.fill}>
          <PartsBar total={4000} here={[[1, 2600]]} flying={[2601]} label="2,600 of 4,000 parts confirmed" />
        </div>
      </Part>
      <Part name="Steps, values, disclosure">
        <div className={styles.fill}>
          <Steps
            label="What happened"
            steps={[
              { key: '1', state: 'done', text: 'Procurement approved revision 3', aside: '9:40' },
              { key: '2', state: 'noted', text: 'The server is slow', detail: '1,200 ms' },
              { key: '3', state: 'bad', text: 'Host key changed' },
              { key: '4', state: 'now', text: 'Signature' },
              { key: '5', state: 'open', text: 'Release' },
            ]}
          />
          <KeyValues
            pairs={[
              { key: 'to', label: 'To', value: 'hm-court:/in' },
              { key: 'sha', label: 'SHA-256', value: '9f2c41aa…d07b', mono: true },
            ]}
          />
          <Disclosure title="Technical detail">AccessDenied</Disclosure>
        </div>
      </Part>
      <Part name="Loading">
        <div className={styles.fill}>
          <Skeleton label="Loading a text" />
        </div>
        <div className={styles.fill}>
          <Skeleton label="Loading rows" shape="rows" lines={3} />
        </div>
        <div className={styles.fill}>
          <Skeleton label="Loading a card" shape="card" lines={2} />
        </div>
        <Spinner label="Checking" />
      </Part>
      <Part name="Empty state">
        <div className={styles.fill}>
          <EmptyState title="Nothing was sent yet" actions={<Button tone="go">Send files</Button>}>
            What leaves the desk is listed here, with how sure it is.
          </EmptyState>
        </div>
      </Part>
    </>
  );
}
