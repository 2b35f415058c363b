/** No metric knows a session (each would be a series of its own): this leads to where one is seen. */
import { TextBoxVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { frame } from '../frame.ts';
import { words } from '../panels.ts';

const CONTENT = `Put the session's id in the box above, then:

- [**Its timeline**](\${app}/console/sessions/\${session}): events, attempts, timings, trace id.
- [Recordings that are stuck](\${app}/console/sessions?stuck=true) · [that failed](\${app}/console/sessions?state=failed) · [dead letters](\${app}/console/dead-letters)

From the command line, with a token of the role \`sre\`:

\`\`\`sh
curl -H "Authorization: Bearer $TOKEN" \${app}/admin/sessions/\${session}/timeline
\`\`\`

## From a trace id to the session
A session's trace id is its id without dashes: put them back as 8-4-4-4-12, and open the timeline above.

\`\`\`sh
echo <trace id> | sed -E 's/(.{8})(.{4})(.{4})(.{4})(.{12})/\\1-\\2-\\3-\\4-\\5/'
\`\`\`

The other way: every line of the application's log is JSON and has the \`traceId\` it belongs to; with an OTLP endpoint set, the same id is one trace from \`create\` through chunks, queue and provider to the entry.

## From an alert to sessions
The alert names an arm or a step. Open the list of recordings in that state, newest first, and compare three timelines: the event they have in common before it went wrong is where to look.`;

export const oneSession = frame({
  uid: 'one-session',
  title: 'One session',
  description: 'The way from an alert, a trace id or a complaint to one recording.',
})
  .withVariable(
    new TextBoxVariableBuilder('session')
      .label('Session')
      .description('The id of a recording session.')
      .defaultValue(''),
  )
  .withPanel(
    words({
      title: 'Where one recording is seen',
      description: 'Links to the console and commands; there are no metrics of single sessions.',
      content: CONTENT,
      height: 18,
    }),
  );
