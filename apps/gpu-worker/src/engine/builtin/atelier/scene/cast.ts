import type { Random } from '../drawing/random.js';
import { drawFigure, type Figure, type Showing } from '../motifs/figure.js';
import { figures } from '../motifs/figures.js';
import type { MotifWish } from '../reading/brief.js';
import type { MotifName } from '../reading/terms.js';
import { hues } from './hues.js';
import type { Ground } from './outdoors.js';
import { paintGroundShadow, paintMound, paintRock } from './props.js';
import { paintTableShadow } from './room.js';
import { insideX, spotFor } from './seats.js';
import type { World } from './setting.js';
import { paintFarBirds } from './sky.js';
import type { Stage } from './stage.js';
import { growBirch, growPine, growTree, leafColour } from './trees.js';

export interface CastPlan {
  world: World;
  ground: Ground;
}

interface Role {
  wish: MotifWish;
  figure: Figure | undefined;
  x: number;
  y: number;
  scale: number;
  depth: number;
  mirror: boolean;
}

/** Puts every subject the words name on the stage, the far ones first. */
export function paintCast(stage: Stage, plan: CastPlan): void {
  const random = stage.chance('cast');
  const wishes = stage.brief.motifs.filter(({ name }) => name !== 'sun' && name !== 'moon');
  let seat = 0;
  const roles = wishes.flatMap((wish, index) => {
    const group = rolesOf(stage, plan, wish, { index, seat }, random);
    seat += group.length;
    return group;
  });
  roles.sort((a, b) => Number(isAloft(b, plan)) - Number(isAloft(a, plan)) || a.y - b.y);
  for (const role of roles) playRole(stage, plan, role, random);
  const birds = wishes.find(({ name }) => name === 'bird');
  if (birds && birds.count > 2 && !stage.film && plan.world === 'outdoors') {
    paintFarBirds(stage, birds.count * 3, stage.width - stage.heroX, stage.horizon * 0.4);
  }
}

const isAloft = ({ figure }: Role, plan: CastPlan): boolean =>
  plan.world === 'space' || figure?.habitat === 'air' || figure?.habitat === 'far';

// Trees grow by rule; a small boat is rowed.
function figureOf(wish: MotifWish): Figure | undefined {
  if (wish.name === 'pine') return undefined;
  if (wish.name === 'boat' && (wish.size < 1 || ROWED.has(wish.word))) return figures.rowboat;
  return figures[wish.name];
}

const ROWED = new Set(['rowboat', 'canoe', 'gondola', 'dinghy']);

interface Rank {
  index: number;
  seat: number;
}

function rolesOf(
  stage: Stage,
  plan: CastPlan,
  wish: MotifWish,
  rank: Rank,
  random: Random,
): Role[] {
  const figure = figureOf(wish);
  const inFile = wish.word === 'caravan';
  const count = inFile ? 5 : Math.min(wish.count, 9);
  const size = (figure?.size ?? 0.6) * wish.size * (0.9 + stage.brief.emphasis * 0.25);
  return Array.from({ length: count }, (_, i) => {
    const { index } = rank;
    const asking = { ...plan, figure, inFile, index, i, count, seat: rank.seat + i };
    const spot = spotFor(stage, asking, random);
    const crowd = i === 0 || inFile ? 1 : random.range(count > 3 ? 0.5 : 0.68, 0.82);
    const scale = size * crowd * (index === 0 ? 1 : 0.72) * spot.near;
    const x = inFile || !figure ? spot.x : insideX(stage, figure, spot.x, scale);
    const y = figure?.habitat === 'air' ? Math.max(spot.y, scale * 1.08 + 0.02) : spot.y;
    const facing = inFile || spot.x > stage.width / 2;
    const mirror = facing === LOOKS_RIGHT.has(wish.name);
    return { wish, figure, x, y, scale, depth: spot.depth, mirror };
  });
}

// Figures drawn looking to the right; all others look left. They look into the picture.
const LOOKS_RIGHT = new Set<MotifName>(['train', 'boat', 'ship']);

function playRole(stage: Stage, plan: CastPlan, role: Role, random: Random): void {
  const { wish, figure, x, y, scale, depth, mirror } = role;
  if (!figure) {
    playTree(stage, role, random);
    return;
  }
  const colour = wish.colour && hues[wish.colour];
  const show: Showing = {
    x,
    y,
    scale,
    depth,
    mirror,
    shaded: againstLight(stage),
    ...(colour && { colour }),
  };
  const afloat = plan.world === 'outdoors' && plan.ground === 'water';
  const grounded = figure.habitat !== 'air' && plan.world === 'outdoors';
  if (plan.world === 'room') paintTableShadow(stage, x, y, scale * 0.62);
  else if (grounded && afloat && figure.habitat === 'ground') paintRock(stage, x, y, scale, random);
  else if (grounded && !afloat) paintGroundShadow(stage, x, y, scale);
  if (afloat && (figure.habitat === 'water' || figure.habitat === 'deep')) {
    drawFigure(stage, figure, { ...show, y: y - scale * 0.01, stretch: -0.7, reflected: true });
  }
  if (figure.habitat === 'far' && wish.name === 'castle') paintMound(stage, x, y, scale);
  drawFigure(stage, figure, {
    ...show,
    ...(plan.world === 'space' && { turns: random.range(-0.02, 0.025) }),
  });
}

const againstLight = (stage: Stage): number =>
  ({ dawn: 0.1, day: 0, golden: 0.22, dusk: 0.4, night: 0.1 })[stage.light.time];

function playTree(stage: Stage, { wish, x, y, scale, depth }: Role, random: Random): void {
  const leaf = wish.colour ? hues[wish.colour] : leafColour(stage, random);
  paintGroundShadow(stage, x, y, scale * 0.7);
  const spot = { x, y, height: scale * 1.05, depth };
  if (wish.name === 'pine') growPine(stage, { ...spot, bare: !leaf }, random);
  else if (wish.name === 'birch')
    growBirch(stage, { ...spot, height: scale * 1.6, ...(leaf && { leaf }) }, random);
  else growTree(stage, { ...spot, ...(leaf && { leaf }) }, random);
}
