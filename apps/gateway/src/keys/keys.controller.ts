import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import {
  makeKeyRequest,
  rotateKeyRequest,
  type KeyResource,
  type MakeKeyRequest,
  type RotateKeyRequest,
} from '@safelight/contracts';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import type { ApiKeyRow } from './api-key.entity.js';
import type { AuditRow } from './audit.entity.js';
import { Keys, type MadeKey } from './keys.js';

/** An account's API keys. */
@Controller('api/v1/keys')
@Needs('keys:write')
export class KeysController {
  constructor(@Inject(Keys) private readonly keys: Keys) {}

  @Post()
  @HttpCode(201)
  async make(@TheCaller() caller: Caller, @Body({ schema: makeKeyRequest }) body: MakeKeyRequest) {
    const expiresAt = body.expires_at === null ? null : new Date(body.expires_at);
    return presentMade(await this.keys.make(caller, { ...body, expiresAt }));
  }

  @Get()
  async list(@TheCaller() caller: Caller) {
    const rows = await this.keys.list(caller);
    return { data: rows.map(present), meta: { next_cursor: null } };
  }

  @Get(':id')
  async get(@TheCaller() caller: Caller, @Param('id') id: string) {
    const { row, history } = await this.keys.get(caller, id);
    return { data: { ...present(row), history: history.map(presentTrace) }, meta: {} };
  }

  @Post(':id/rotate')
  @HttpCode(201)
  async rotate(
    @TheCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: rotateKeyRequest }) body: RotateKeyRequest,
  ) {
    return presentMade(await this.keys.rotate(caller, id, body.overlap_seconds));
  }

  @Delete(':id')
  async revoke(@TheCaller() caller: Caller, @Param('id') id: string) {
    return { data: present(await this.keys.revoke(caller, id)), meta: {} };
  }
}

const presentMade = ({ row, apiKey }: MadeKey) => ({
  data: { ...present(row), key: apiKey },
  meta: { notice: 'The key is shown this once; keep it now.' },
});

const present = (row: ApiKeyRow): KeyResource => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  hint: row.hint,
  scopes: row.scopes as KeyResource['scopes'],
  created_at: row.createdAt.toISOString(),
  expires_at: row.expiresAt?.toISOString() ?? null,
  revoked_at: row.revokedAt?.toISOString() ?? null,
  last_used_at: row.lastUsedAt?.toISOString() ?? null,
});

const presentTrace = ({ at, action, actorKeyId, details }: AuditRow) => ({
  at: at.toISOString(),
  action,
  by: actorKeyId,
  details,
});
