/** The part of the API document on rollouts and experiments. */
import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { answer, json, problem } from './openapi-parts.ts';
import {
  AutopilotBody,
  ExperimentAnswer,
  FlagParams,
  PercentBody,
  ReasonBody,
  RolloutAnswer,
} from './rollout-schemas.ts';

const tags = ['Rollout'];
const refusals = {
  401: problem('No valid token'),
  403: problem(
    '`role_forbidden`: reading needs viewer, sre or release-manager; moving needs release-manager',
  ),
  404: problem('`flag_unknown`'),
};
const IfMatch = z.object({
  'if-match': z.string().optional().meta({ description: 'The ETag of the rollout that the mover has seen.' }),
});

function move(summary: string, body: z.ZodType, codes: string): ZodOpenApiOperationObject {
  return {
    tags,
    summary,
    requestParams: { path: FlagParams, header: IfMatch },
    requestBody: { required: true, content: json(body) },
    responses: {
      ...refusals,
      200: answer('The rollout after the move', RolloutAnswer),
      400: problem('`validation_failed`, with the fields'),
      409: problem(
        `\`rollout_moved\`: somebody was first; ${codes}. With \`rollout\`: the rollout as it is now.`,
      ),
    },
  };
}

export const rolloutPaths: ZodOpenApiPathsObject = {
  '/rollouts/{flag}': {
    get: {
      tags,
      summary: 'Where the rollout is, what is in force, its history',
      requestParams: { path: FlagParams },
      responses: { ...refusals, 200: answer('The rollout', RolloutAnswer) },
    },
  },
  '/rollouts/{flag}/events': {
    get: {
      tags,
      summary: 'Rollout and experiment, pushed: events `rollout` and `experiment` with those documents',
      requestParams: { path: FlagParams },
      responses: {
        ...refusals,
        200: { description: 'Server-Sent Events', content: { 'text/event-stream': { schema: z.string() } } },
      },
    },
  },
  '/rollouts/{flag}/percent': {
    put: move('Move to another percentage', PercentBody, '`already_there`, `rollout_paused`'),
  },
  '/rollouts/{flag}/pause': {
    post: move('Pause: nothing advances, nobody is reassigned', ReasonBody, '`rollout_not_running`'),
  },
  '/rollouts/{flag}/resume': { post: move('Resume', ReasonBody, '`not_paused`') },
  '/rollouts/{flag}/rollback': { post: move('Back to 0 %', ReasonBody, '`already_there`') },
  '/rollouts/{flag}/complete': {
    post: move('Complete, at 100 %', ReasonBody, '`not_complete_yet`, `rollout_not_running`'),
  },
  '/rollouts/{flag}/autopilot': {
    post: move('Switch the autopilot', AutopilotBody, '`rollout_not_running`'),
  },
  '/experiments/{flag}': {
    get: {
      tags,
      summary: 'What the experiment shows',
      requestParams: { path: FlagParams },
      responses: { ...refusals, 200: answer('The experiment', ExperimentAnswer) },
    },
  },
};
