import { commands, events } from '../bindings';
import type { WindowCalls } from '../ports/window';
import { ask, later } from './ask';

export const windowCalls: WindowCalls = {
  painted: (language) => ask(commands.windowPainted(language)),
  shell: () => ask(commands.windowShell()),
  tryGraphics: () => ask(commands.windowTryGraphics()),

  quit: () => ask(commands.windowQuit()),
  quitSeen: (question) => ask(commands.windowQuitSeen(question)),
  answerQuit: (answer) => ask(commands.windowQuitAnswer(answer)),

  givenPaths: () => ask(commands.pathsGiven()),
  measurePaths: (paths) => ask(commands.pathsMeasure(paths)),
  pastedPaths: (names) => ask(commands.pathsPasted(names)),
  keepPasted: (id) => ask(commands.pathsKeepPasted(id)),

  onShellChanged: (tell) => later(events.shellChanged.listen(({ payload }) => tell(payload.shell))),
  onPathsGiven: (tell) => later(events.pathsGiven.listen(() => tell())),
  onQuitAsked: (tell) => later(events.quitAsked.listen(({ payload }) => tell(payload))),
  onRunShown: (tell) => later(events.runShown.listen(({ payload }) => tell(payload))),
};
