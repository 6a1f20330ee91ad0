import { isIPv6 } from 'node:net';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { applyDecorators, Inject, Injectable, SetMetadata, UseGuards } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.js';
import { AddressLimit } from './address-limit.js';

const PER_MINUTE = 'safelight:requests-per-minute';

@Injectable()
class PerAddressGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(AddressLimit) private readonly limits: AddressLimit,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const perMinute = this.reflector.get<number>(PER_MINUTE, context.getHandler());
    const http = context.switchToHttp();
    const { ip, routeOptions } = http.getRequest<FastifyRequest>();
    const bucket = `${networkOf(ip)} ${routeOptions.url ?? ''}`;
    const { fits, remaining, resetSeconds, retrySeconds } = await this.limits.take(
      bucket,
      perMinute,
    );
    void http.getResponse<FastifyReply>().headers({
      'x-ratelimit-limit': perMinute,
      'x-ratelimit-remaining': remaining,
      'x-ratelimit-reset': resetSeconds,
    });
    if (fits) return true;
    throw new Problem(
      'RATE_LIMITED',
      `This is more than ${perMinute} requests a minute from your address; go on in ${retrySeconds} s.`,
      { headers: { 'retry-after': String(retrySeconds) } },
    );
  }
}

/** This public route takes so many requests a minute from one address, over all gateways. */
export const PerAddress = (perMinute: number) =>
  applyDecorators(SetMetadata(PER_MINUTE, perMinute), UseGuards(PerAddressGuard));

const GROUPS = 8;
const NETWORK_GROUPS = 4;

/** The address, or the /64 network of an IPv6 one: whoever has one has all of it. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [head = '', tail] = address.toLowerCase().replace(/%.*/, '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, GROUPS - left.length - right.length) }, () => '0');
  const groups = tail === undefined ? left : [...left, ...zeros, ...right];
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}
