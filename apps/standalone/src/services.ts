import { billingService } from '@safelight/billing';
import type { GatewayOverrides, RunningGateway } from '@safelight/gateway';
import { gatewayService } from '@safelight/gateway';
import { dispatchService } from '@safelight/gpu-dispatch';
import { workerService } from '@safelight/gpu-worker';
import { orchestratorService } from '@safelight/job-orchestrator';
import { moderationService } from '@safelight/moderation';
import type { RunningService, ServiceDefinition } from '@safelight/telemetry';
import { webhookService } from '@safelight/webhook-sender';

/** Variables of one service. */
export type Environment = Readonly<Record<string, string>>;

/** In the order in which they start: whoever is asked first is there first. */
const backStage: readonly ServiceDefinition[] = [
  billingService,
  moderationService,
  dispatchService,
  orchestratorService,
  webhookService,
  workerService,
];

/** The services that keep state in PostgreSQL, each in a schema and under a role of its own. */
export const databaseServices: readonly ServiceDefinition[] = [
  gatewayService,
  ...backStage.filter((service) => service !== workerService),
];

export interface RunningServices {
  readonly gateway: RunningGateway;
  /** Stops them in the reverse order. */
  close(): Promise<void>;
}

/** Starts every service in this process; when one fails, those already up are stopped again. */
export async function startServices(
  environments: Readonly<Record<string, Environment>>,
  overrides: GatewayOverrides = {},
): Promise<RunningServices> {
  const running: RunningService[] = [];
  const close = async () => {
    for (let last = running.pop(); last !== undefined; last = running.pop()) await last.close();
  };
  try {
    for (const service of backStage) {
      running.push(await service.start(environments[service.name] ?? {}, overrides));
    }
    const gateway = await gatewayService.start(environments[gatewayService.name] ?? {}, overrides);
    running.push(gateway);
    return { gateway, close };
  } catch (error) {
    await close();
    throw error;
  }
}
