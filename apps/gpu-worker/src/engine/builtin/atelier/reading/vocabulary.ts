// What words mean to the painter: for each kind, a value and the words that call it.
export const vocabulary = {
  style: {
    oil: 'canvas rembrandt vermeer baroque realism',
    painting: 'painterly impressionist impressionism monet gouache acrylic',
    impasto: 'expressionist expressionism swirling swirls gogh thick',
    watercolour: 'watercolor watercolors watercolours aquarelle wash',
    ink: 'inkwash calligraphy brushwork manga monochrome sumi',
    woodcut: 'linocut engraving etching woodblock lithograph hokusai',
    pixel: 'pixelart pixelated voxel retro-game',
    minimal: 'minimalist minimalism flat vector poster geometric lowpoly simple logo bauhaus',
    deco: 'artdeco artnouveau gatsby',
    glass: 'stainedglass mosaic cathedral tiles',
    neon: 'cyberpunk synthwave vaporwave glowing retrowave',
    pastel: 'crayon chalk childlike',
    pencil: 'sketch drawing charcoal graphite doodle',
    pointillism: 'pointillist dots seurat',
  },
  time: {
    dawn: 'sunrise daybreak morning',
    day: 'noon midday daylight sunny afternoon bright',
    golden: 'goldenhour sunset evening sundown',
    dusk: 'twilight gloaming',
    night: 'midnight nocturne nighttime moonlit nocturnal dark starlit',
  },
  weather: {
    mist: 'misty fog foggy haze hazy smoke smoky steam',
    rain: 'rainy raining drizzle wet rainfall',
    snow: 'snowy snowing snowfall blizzard frost frosty snowflake',
    storm: 'stormy thunderstorm thunder lightning tempest hurricane',
    cloud: 'cloudy clouds overcast',
    clear: 'cloudless',
    aurora: 'borealis',
    rainbow: '',
    stars: 'star starry stars constellation milkyway',
    wind: 'windy breeze gale windswept',
  },
  season: {
    spring: 'springtime blossom blooming sakura',
    summer: 'summertime midsummer',
    autumn: 'fall autumnal october harvest',
    winter: 'wintry wintertime christmas december icy',
  },
  place: {
    mountains: 'mountain alps alpine peak peaks summit fjord valley canyon cliff himalaya fuji',
    hills: 'hill countryside landscape tuscany highland highlands moor',
    forest: 'woods woodland jungle rainforest grove taiga thicket',
    birches: '',
    city: 'skyline downtown metropolis street skyscraper skyscrapers urban tokyo york alley',
    village: 'town hamlet',
    desert: 'dune dunes sahara sand sands oasis mars',
    meadow: 'grass grassland prairie pasture steppe savanna',
    field: 'fields wheat farm farmland lavender',
    garden: 'park orchard',
    sea: 'ocean sea seas beach coast shore seaside harbour harbor wave waves bay surf',
    lake: 'pond lagoon loch water',
    river: 'stream creek canal',
    snowfield: 'arctic antarctic tundra glacier ice iceberg polar',
    space: 'galaxy nebula nebulae cosmos cosmic universe interstellar astral orbit',
    underwater: 'reef coral seabed aquarium',
    room: 'table interior kitchen desk stilllife indoors shelf cafe library studio bedroom',
    abstract: 'pattern emotion idea music dream chaos composition',
    island: 'islet',
    volcano: 'lava volcanic',
  },
  motif: {
    sun: '',
    moon: 'moonlight crescent',
    planet: 'saturn jupiter planets',
    lighthouse: 'beacon',
    boat: 'sailboat sail yacht dinghy rowboat canoe sailing gondola',
    ship: 'galleon steamer frigate pirate clipper',
    tree: 'oak maple willow elm tree',
    pine: 'fir spruce conifer cedar evergreen',
    birch: 'aspen',
    palm: 'coconut',
    cactus: 'cacti saguaro',
    bird: 'gull seagull swallow crow raven eagle hawk geese goose dove sparrow swan duck',
    heron: 'crane egret flamingo stork',
    owl: '',
    fox: 'foxes vixen',
    cat: 'kitten kitty',
    dog: 'wolf wolves puppy hound coyote husky',
    deer: 'stag elk reindeer moose antelope doe',
    horse: 'pony stallion unicorn mare horses',
    bear: 'grizzly panda',
    rabbit: 'bunny hare',
    elephant: 'mammoth',
    camel: 'caravan dromedary',
    fish: 'fishes koi goldfish salmon shark',
    whale: 'orca dolphin narwhal',
    butterfly: 'moth',
    house: 'cottage cabin hut farmhouse home barn chalet shack',
    castle: 'fortress palace citadel tower ruin',
    temple: 'pagoda shrine torii monastery',
    bridge: 'viaduct aqueduct',
    windmill: 'mill',
    flower: 'daisy daisies blossoms wildflower rose bloom lotus lily bouquet bluebell iris peony',
    poppy: 'anemone',
    sunflower: '',
    tulip: 'crocus',
    balloon: 'zeppelin airship',
    train: 'locomotive railway',
    rocket: 'spaceship spacecraft shuttle',
    teapot: 'kettle tea',
    cup: 'mug coffee teacup',
    vase: 'jug pitcher pot jar',
    fruit: 'apple pear lemon pomegranate',
    candle: 'candles candlelight',
    lantern: 'lamp streetlamp lamppost',
    mushroom: 'toadstool fungi',
    car: 'automobile taxi truck bus',
    walker:
      'traveller traveler hiker wanderer pilgrim astronaut knight wizard monk samurai shepherd',
    umbrella: 'parasol',
    book: 'novel tome',
    dragon: 'wyvern drake',
    robot: 'android automaton mech',
    turtle: 'tortoise',
    jellyfish: 'medusa octopus squid',
    tent: 'camp campsite camping',
    waterfall: 'cascade falls',
    bottle: 'flask potion',
  },
  colour: {
    red: 'crimson scarlet ruby vermilion vermillion cherry',
    orange: 'amber tangerine copper apricot',
    yellow: 'lemony saffron mustard',
    green: 'emerald jade olive lime mint mossy',
    teal: 'turquoise cyan aqua aquamarine',
    blue: 'azure cobalt indigo navy cerulean sapphire',
    violet: 'purple lavenders mauve lilac magenta amethyst plum',
    pink: 'rosy fuchsia coral-pink salmon-pink',
    brown: 'sepia umber ochre tan chestnut beige',
    black: 'ebony onyx',
    white: 'ivory cream pearl',
    grey: 'gray silver slate ash',
    gold: 'golden brass gilded bronze',
  },
  region: { sky: 'heavens background horizon skies', ground: 'floor tabletop foreground' },
} as const;

/** Words, then energy, warmth and light. */
export const moods: readonly (readonly [string, number, number, number])[] = [
  ['joy joyful happy happiness cheerful celebration playful festive delight fun', 0.9, 0.8, 0.7],
  ['love romance romantic tender passion', 0.3, 0.9, 0.3],
  [
    'calm serene peaceful quiet tranquil zen silence stillness gentle soft meditation',
    -0.9,
    0,
    0.3,
  ],
  ['sad sadness melancholy lonely loneliness grief sorrow rainy-day', -0.6, -0.7, -0.4],
  ['anger angry rage fury war fire burning flames', 1, 0.9, -0.3],
  ['fear scary spooky haunted horror eerie gothic sinister ominous', 0.3, -0.6, -0.8],
  [
    'mystery mysterious mystic mystical magic magical enchanted fairy dreamy surreal',
    0,
    -0.2,
    -0.2,
  ],
  ['hope hopeful bright light wonder freedom', 0.3, 0.4, 0.8],
  ['energy dynamic explosion wild power electric chaotic', 1, 0.3, 0.2],
  ['warm cosy cozy', -0.3, 0.9, 0.1],
  ['cold cool frozen', -0.2, -0.9, 0.2],
  ['vast epic majestic grand dramatic', 0.5, 0, -0.2],
];

export const numbers: readonly (readonly [string, number])[] = [
  ['one single lone lonely solitary', 1],
  ['two pair couple twin double', 2],
  ['three triple trio', 3],
  ['four', 4],
  ['five several few', 5],
  ['six', 6],
  ['seven', 7],
  ['eight', 8],
  ['nine ten many flock herd group school dozen fleet', 9],
];

export const sizes: readonly (readonly [string, number])[] = [
  ['tiny little miniature distant faraway', 0.5],
  ['small', 0.65],
  ['big large tall', 1.3],
  ['huge giant enormous gigantic colossal massive close-up closeup', 1.6],
];

/** Signs of other scripts and emoji, each standing for an English word above. */
export const signs: readonly (readonly [string, string])[] = (
  '月:moon 日:sun 山:mountain 海:sea 湖:lake 川:river 河:river 森:forest 林:forest 雪:snow 雨:rain ' +
  '花:flower 桜:sakura 樱:sakura 木:tree 树:tree 鳥:bird 鸟:bird 猫:cat 犬:dog 狗:dog 魚:fish 鱼:fish ' +
  '船:boat 舟:boat 馬:horse 马:horse 鹿:deer 狐:fox 星:stars 夜:night 城:castle 橋:bridge 桥:bridge ' +
  '家:house 寺:temple 竜:dragon 龙:dragon 龍:dragon 茶:tea 春:spring 夏:summer 秋:autumn 冬:winter ' +
  '赤:red 红:red 青:blue 蓝:blue 緑:green 绿:green 黒:black 黑:black 白:white 雲:cloud 云:cloud 風:wind ' +
  '🌙:moon 🌕:moon 🌝:moon ☀:sun 🌞:sun ⛰:mountain 🏔:mountain 🗻:mountain 🌊:sea 🏖:beach 🏝:island ' +
  '🌲:pine 🌳:tree 🌴:palm 🌵:cactus 🌸:sakura 🌺:flower 🌻:sunflower 🌷:tulip 🌹:rose 🌼:daisy ' +
  '🦊:fox 🐱:cat 🐈:cat 🐶:dog 🐺:wolf 🦌:deer 🐴:horse 🐎:horse 🐻:bear 🐰:rabbit 🐘:elephant ' +
  '🐫:camel 🐪:camel 🐟:fish 🐠:fish 🐳:whale 🐋:whale 🐬:whale 🦋:butterfly 🦉:owl 🐦:bird 🐉:dragon ' +
  '🏠:house 🏡:house 🏰:castle 🌉:bridge 🎈:balloon 🚂:train 🚀:rocket 🫖:teapot ☕:coffee 🍎:apple ' +
  '🕯:candle 🏮:lantern 🍄:mushroom 🚗:car ☂:umbrella ☔:rain 📖:book 📚:book 🤖:robot 🐢:turtle ⛵:boat ' +
  '🚢:ship 🌃:city 🏙:city 🌆:city 🌌:galaxy 🪐:planet ⭐:stars 🌟:stars ✨:stars ❄:snow ⛄:snow 🌧:rain ' +
  '⛈:storm ⚡:storm 🌈:rainbow 🌅:sunrise 🌇:sunset 🏜:desert 🔥:fire ❤:love 😀:joy 😊:joy 🎉:joy 😢:sad ' +
  '⛩:temple ⛺:tent 🍂:autumn 🍁:autumn 🌋:volcano 🪼:jellyfish 🐙:octopus 🌾:field'
)
  .split(' ')
  .map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]);
