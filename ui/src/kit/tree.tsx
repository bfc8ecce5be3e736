import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, Collection, Tree as AriaTree, TreeItem, TreeItemContent } from 'react-aria-components';
import styles from './tree.module.css';
import { Spinner } from './skeleton';

/** What is below a branch: not asked for yet, on its way, there, or refused with a sentence. */
export type Branch = { state: 'unknown' } | { state: 'loading' } | { state: 'failed'; text: string } | { state: 'there'; nodes: readonly TreeNode[] };

export interface TreeNode {
  id: string;
  name: string;
  icon?: ReactNode;
  /** In small letters behind the name. */
  detail?: string | undefined;
  /** What is chosen lies somewhere below it. */
  within?: boolean;
  /** `null` for what never has anything below it. */
  below: Branch | null;
}

export interface TreeProps {
  label: string;
  nodes: readonly TreeNode[];
  chosen: string | null;
  onChoose: (id: string) => void;
  /** A branch was opened whose content is not known: fetch it and hand in the nodes anew. Also for another try. */
  onLoad: (id: string) => void;
  /** Enter or a double click on what has nothing below it. */
  onOpen?: (id: string) => void;
  loadingText: string;
  emptyText: string;
  retryLabel: string;
  expandLabel: string;
}

/**
 * Folders in folders. Right opens and goes in, left closes and goes out, letters find; a branch is fetched when it is
 * opened, and says so, and a refusal stands where its content would, with another try.
 */
export function Tree(props: TreeProps) {
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  return (
    <AriaTree
      aria-label={props.label}
      className={styles.tree}
      selectionMode="single"
      selectionBehavior="replace"
      disallowEmptySelection
      selectedKeys={props.chosen === null ? [] : [props.chosen]}
      onSelectionChange={(keys) => {
        const [id] = keys === 'all' ? [] : [...keys];
        if (id !== undefined && !isNote(String(id))) props.onChoose(String(id));
      }}
      {...(props.onOpen ? { onAction: (id) => !isNote(String(id)) && props.onOpen?.(String(id)) } : {})}
      expandedKeys={expanded}
      onExpandedChange={(keys) => {
        const next = new Set([...keys].map(String));
        for (const id of next) if (!expanded.has(id) && wants(find(props.nodes, id))) props.onLoad(id);
        setExpanded(next);
      }}
      renderEmptyState={() => <p className={styles.note}>{props.emptyText}</p>}
    >
      {props.nodes.map((node) => (
        <Item key={node.id} node={node} tree={props} />
      ))}
    </AriaTree>
  );
}

function Item({ node, tree }: { node: TreeNode; tree: TreeProps }) {
  return (
    <TreeItem id={node.id} textValue={node.name} className={styles.item} hasChildItems={node.below !== null} {...(node.within ? { 'data-within': '' } : {})}>
      <TreeItemContent>
        {node.below === null ? (
          <span className={styles.chevron} />
        ) : (
          <Button slot="chevron" className={styles.chevron} aria-label={tree.expandLabel}>
            <ChevronRight aria-hidden size={14} />
          </Button>
        )}
        {node.icon}
        <span className={styles.name}>{node.name}</span>
        {node.detail ? <span className={styles.detail}>{node.detail}</span> : null}
      </TreeItemContent>
      {node.below === null ? null : <Below id={node.id} branch={node.below} tree={tree} />}
    </TreeItem>
  );
}

function Below({ id, branch, tree }: { id: string; branch: Branch; tree: TreeProps }) {
  switch (branch.state) {
    case 'unknown':
    case 'loading':
      return (
        <Note id={id} text={tree.loadingText}>
          <Spinner />
          {tree.loadingText}
        </Note>
      );
    case 'failed':
      return (
        <Note id={id} text={branch.text} bad>
          <span>{branch.text}</span>
          <Button className={styles.retry} onPress={() => tree.onLoad(id)}>
            {tree.retryLabel}
          </Button>
        </Note>
      );
    case 'there':
      if (branch.nodes.length === 0)
        return (
          <Note id={id} text={tree.emptyText}>
            {tree.emptyText}
          </Note>
        );
      return (
        <Collection items={branch.nodes.map((node) => ({ ...node, tree }))}>
          {(node) => <Item node={node} tree={node.tree} />}
        </Collection>
      );
  }
}

/** A row that says how it stands with a branch. It has its place in the tree, and is nothing to choose. */
function Note({ id, text, bad = false, children }: { id: string; text: string; bad?: boolean; children: ReactNode }) {
  return (
    <TreeItem id={`${NOTE}${id}`} textValue={text} className={styles.item}>
      <TreeItemContent>
        <span className={styles.chevron} />
        <span className={styles.note} data-bad={bad || undefined}>
          {children}
        </span>
      </TreeItemContent>
    </TreeItem>
  );
}

const NOTE = 'note\u0000';

function isNote(id: string): boolean {
  return id.startsWith(NOTE);
}

function wants(node: TreeNode | undefined): boolean {
  return node?.below?.state === 'unknown' || node?.below?.state === 'failed';
}

function find(nodes: readonly TreeNode[], id: string): TreeNode | undefined {
  for (const node of nodes) {
    if (node.id === id) return node;
    const below = node.below?.state === 'there' ? find(node.below.nodes, id) : undefined;
    if (below) return below;
  }
  return undefined;
}
