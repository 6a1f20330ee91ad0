/**
 * Ordinary words of some fifty languages that are one letter away from one of the floor's (`exotic`,
 * `parties`), so that they are not taken for it misspelled. Derived by rule: every word of public lists
 * (a large English one, the commonest ones of the other languages) that mending would change. Some are
 * spelled as the reading shows them in which look-alikes are Latin.
 */
export const neverSlips: ReadonlySet<string> = new Set(
  `
abent absents accordi acteurs actons actores actressy actritz akiris aksent akteur aktore aktrise
alati alatti amagar amorini anopia anythings apaguen aparar apgar appareil apparels areolae
areolar areoles arkadasimdi arkadasimin arkadasimiz arkadasini armand arrancar arrenca artistiques
assent athletes atire attired attirer attires attone attrite aufgezogen aureola aureolas auteur
autore autors aypia baaing babes babiest babin babydolls baccae bacchic bacha bachchas baching
backsides backslide bagies baking balata balina baling balista balta bambinos bananer banche
bander banders banger bangers baning banker bankers bankside bannet bannets banter banters barang
barbet barbies barbing barche barding bareng baret barfing barfly barging barings barking barless
barley barmely barnets barning baronet barong barrar barren barret barrica barsten barunya basely
bashing basing basnet batching bathtubs bating batting batunya batwing baunya bawang baying bazei
baλte bearing beast beasted beasts beathing became behinds bekannten bekendte beroende beruhmten
besome bevind bielizen bikings birini birinin biriniz birren birthdays bittocks blaring blasen
blizke bloused blowse blowses bluhen blumen bluten bluzen bnдeлn bnждaлn boeken boeren boluses
bombin boners bonner bordar borden boren borers borgen boring borjar bortom bother bottoms
boudoirs bouse bouses bowers boyfriends bralens branner branners brasas brassieres brast brasts
brauch bravas brazas breastfed breest breests breist breists breken briers brigas bring broken
broren brosten brothers brothier bruch brugte brukte brute brutte brzucha brzuchu bulana burnet
bursten busina byazeio byaλei byaλete bønner bдaлn cacas caisse caisses calcars calces callants
callas calotte calottes calpas camasa camina caminas camises camisia camisias cancellate candor
canella cantar cantate canter cantera cantors canyella captor carrigan cartas castor catting
caucas cekcyaлeh cekcyaлhn cekcyaлho celaka celebrem celerities celerity cellophanes certas certos
chamar chamisa chamisas chamise chamises chanteuses chantor chaquetas cheated chemiese chemisms
chemists chields childes childrens chiles chilis chills chimar chlapca chlapce chlapici chlapmi
chnmaat chopped chłopca chłopcy chłopiec ciesz ciesze cieszy cieszyc cieszymy cieszysz ciptakan
cisel ciseleur ciseleurs ciselure ciselures clana classmates clearage cleavages cloches clopped
clotes clothings clotted clotting clovered cmotpnte cohered colega colegiul colleagued colleagues
collegas collegeen collegia collegian collegianer collegianers collegians completament connie
connues conque conselh conselheiro conselher conselhier conselhiera conselhiers conselho conselhos
conselhs consell conseller consellers consells cootch copered copita copped copula cornet corsets
corslet cortas cortos corts corvet coset cosset costumed costumer costumes costumey coths cotting
counts courbe courbs coures courie course courted courter courtes coutume coversed coveted cowered
coworkers coблeчn crapped cratch crested crouch crouped crutch ctahobntbcr ctopnte cuartos cuishes
cuisser cuissers cunting curats curdas curias curios curtals curte curtis curts curvas cusses
custos cuttings cuttling cıkaran cıkarma cıkart cıplak cчntante daalt dajete dancar dancier dander
danders danger dangers danker danner danser dansers danvers danzer dapping daratan daughters
debuds deets degete delate delated delates delating deleing delejte delene delfts delte delts
delude deluded deluder deluders deludes deluding demetu denda denets deplete depleted depleter
depleters depletes depleting deretu derude desem desen desir desiste despair despejado despejen
despido desses dessus detetu detiennent detient deuda devaient devenir devenu devenue devest
devested devesting devests deviant devoice dhjete dieca dieci dielen dienen dieren dievcat dieven
dinner dippings disen dishabille dishabilles disorbed dissolved dissolver dissolvers dissolvings
ditete diventando diventato donner dopping draughter dredge drengen dressers dripping drosses
drvetu dunder dunger dunker dunnier dupping duresses dzieciach dziecmi dziedi dzieki dzieli
dziesiec dziesieciu dziewiec dziewieciu eased easer easers eases easing effaced effacers effaces
eighteens eleve elever eliminam eliminare eliminat eliminer elise elleve elviselni emblema
emoticon emoticons emrini encant encina enface enfever ensear ensenan ensenare ensenas ensenha
ensenhar ensenya ensenyar ensina ensinar epaile epaulet epaulets eposes ergotic eroses erses
ersticken erstickt ertik espada espaldas esposes evotikto exotic exotica exotically exoticism
exoticisms exoticist exoticists exoticness exoticnesses exotics exotique exotiques exotischer
explose eyases faaing fabling fabrica fabrici fabrics facing fadas fadging fadings failing failles
faither faking falas falhas fallings falsas falsing faming famosos fancifully fanding fardas
farding faring farther fashes fashing fathers fating fatling fatter favous faxing faying fazing
feases feather fecked fecking feita feite fellation fellatios felles felling females ferita ferite
fessis festes fetich fetta fette ficka fickor fiend figured figuren figurer figures files fillers
fillets fillies filling fillos filmes fishnets fixure flashers flashest flashings fleshes fleshing
flickan flicker flinty floshes flushes flushing foamily folles fosses fother fotografias
fotografiat fotografica fotografija fraldas freunden friand friends fuckings fulles fulling fumous
funked funking fusses fylles fælles gader gaines gains gamings gamone gamones garconete gardent
garder garona garotao garotes garron garrons garson gascon gascons gaster geleni gemini geniaal
genial genials genitalial gerek gerekebilir gerekecek gereken gerekeni gerekir gerekirdi gerekirse
gerekiyor gerekiyordu gerekiyormus gerekiyorsa gerekli gerekmez gerekmiyor gereksiz gerekti
gerektigi gerektigine gerektigini gerektirir gettings gimines girlfriends gister gisteren gitting
glader glamours goiter gostar gosterdin gosteri gostering gosters gotter graber graders grander
graner grater graver grayer grazer græder gutting gyertek gæster habias habitos habitus hambre
hardcores hardily harita harta henkai hiller hiter hither hitleri hitlers hitter hnkakbn homaro
hombres homere hoodias hoodier hoodiest hookies hoolie hoolies howdie howdies hubungkan husbands
imagine incant incanted incanting incants incent incented incenter incenters incenting incentive
incentively incentives incentivisation incentivise incentivised incentivises incentivising
incentivization incentivize incentivized incentivizes incentivizing incentre incentres incents
incept incepted incepting inception inceptions inceptive inceptively inceptives inceptor inceptors
incepts incertain incertainties incertainty incertitude incertitudes incest incests incestuous
incestuously incestuousness incestuousnesses inceta incetat incetati inceteaza inceteze incetezi
incetineste incetisor incult infanta infantas infante infantesa infelt inferior infima inima
insignias intercourses interiora interiore interiors intimae intimal intimos invisibile invisibles
jackers jacuzzis jailbaits jaket jakuzzi jambers jambus james jammes jaunes jembes jener jester
jeter joggen jonger jongetjies jongmens jorgen jounes judger juger junglen junker jurgen juryen
juvenals kabini kader kadindi kadinim kadinin kaditi kalder kaldır kaldıralım kaldırmak kaldırın
kaldırıp kalir kalirim kaliriz kalirsa kalirsam kalirsan kalirsin kandes kanini kapini kapitola
kapitona kapitonas kapitone kapitono kapitonu kapitonui kapper karini karter keinen keiner keines
kender keren keszul keszulj keszuljenek keszuljetek keszuljon keszulnek keszulok keszulsz keszult
keszultek keszultem kidder kiddied kiddier kiddies kiddle kidgie kilar kilder killar kimonos
kindergartener kindergarteners kinders kindest kindie kindies kindjie kindle kindler kindles kines
kivalta kiyamet kizlara kizlari klager klapper klaren klarer klaver kleden kleinere kleuren kline
klæder knabon knappar knapperd knappers knepper koditon koito koitouoa koitouoe kollegene koningen
koninging kopijo kopion kopior kopiyok kopter korer korper kortere korteri koster kostiuma
kostiumo kostiumu kostum kostuum kosulja kosulju koter kozul kozuluk kozulunk krabice kraljice
kunder kvinder kvindes kyndes kytky kıyafet kıyafeti kıyafetler kıyafetleri kıyafetlerini kızlar
lades ladites ladles laevale laggings laldies lalita lappen lappet lapsena lapseni lapsest larsen
lasciava lasen laset lasia lasies lassen lavale laving lazies leading leafing leaking leale
leaming leaning leaping learing leasing leavings legale lenjeria leonard leopard leotards lepsia
letale lieli liggings lilted lilting lingeries linted linting lisesi listed listing lited liting
littie littler littles littlie loaving lofted lofting loggings louche lovita lulita lycaenid
lycaenids machen madchens madels maestra maestre mainors majki maken makken malting manchen manden
manen mangel manina mankon mannen mannequins manors manteaus manteaux mantelo mantels manten
mantle manuel manzel marchen marken martel masken massing matchen matki maдeh maлbчnwka maлbчnwkn
meddle medina medinas meeting megina meginas megino mehbwen mehwe meiden meilen meinten meisie
meisies meiste meiten mejores melding melenas melher melling meltings mender menen menijo meniko
menimo meninggalkan menna menors mentel mentores mentre mentres menyres merino merinos mesje
messing mestra mestre metepas meting middel middele middie middled middler middles midriffs
milchik milder milors milting minars mincer minceur minderjarige minders mindre minen miner miners
minestra minger minier minimale minimals ministar ministeren ministeri ministering ministern
ministero ministers ministras ministres ministria miniszter minner minster minter misje misting
mistra mistre misusing mither mnhnctep mnhnctip mnhnctъp mnhnctъpa modales modals modeled modeler
modelers modelis modelon modelos modems modere moders modest modester modestes modle module
modules moduli modulo moest mohels moither molesta molestar moleste molesti molesties molestis
molesto molher molting monele monella monest monokinis monstre monstri montare montee monter
montres montri monture morele morels mosher mossing moster mostmar mostram mostran mostrarei
mostrarle mostrarte mostras mostrat mostrei mostren mostres mostret moteli motels moter mothers
mothery mothier motier motra motser mouther muddle muestran muestras mulder muller muntre musher
musos mussing mustra mutante nachte nachten nachts nacken nacket nackets nacrte nadite nadych
nagana nahoda nasich naskigas naskigi naskigis naskigo naskigtago naskigtagon naskigu natural
naturels naлto nebuna necklike necklines negligees neighbors neighbours nente niches nidification
nidified nidifies nidify nidifying niende nighties nights nipped nipper nippers nippier nipping
nithing nocent nokahn nokaжete northing noshing notching nothings noting novinka npemnep
npeзnдehty npnhueca nudest nudisms nudities numita nдente obrazenia odece ogies olmadan ombras
ombres omened onderbreek ontleed opende opined orgazmus orgias orgues orrom otkpnn outhit outhits
outsit outsits outwit outwits ovened overallt overcall overcalls overfall overfalls overgall
overgalls overhead overheid overheld oyuncusu pacia palled palling pandies pania panica pansies
pantaleon pantalonada pantalone pantalono pantalonoj pantalonojn pantalonon pantalons pantiles
pantines pantries parson partant partent parties pasties paties patties pealed pealing pearson
peason pecado pecados peeing peeked peeking peelings peened peening peeped peeping peered peering
peeters peeved peeving pegada pegadas pegado peiling peises peitis peixos pelata pelda peleado
pelite pelites pelnas peltas pelter pelters peludo penas penies penses pentises peole peopie
peopled peopler peoples pequenas peras perdas perdon pereas pereon peron perras perron persen
persi persona persone personi persono persons personu pertant perter pesada pesadas pesado pesados
pester pesters pesto pestos peter peters peties petitas petos pette petter petters petties pettis
peuple pewits pewter pewters peбeka peбekka phonos photographies photogs photons photoshops pienas
pienses pierdas pieris pierwsi pierzi pilled pilling pilotas pitits plasmic plastica plastico
plastics plonging plugging plungings plunking podazac poitrines pojar pokazacu politicians polled
polling ponos ponties pople porcos poros portaat portait portanto portents portos portraits
portratt portreit potent pourtant pouter pouters povazuje poбnлa poдnha prasident prasidenten
preases prefiere premer premere premiered premieres premiers premijer prenas prepubis prepuces
preschools preses presidence presidenten presidenti presidentin presidents preson presses presto
pretens prezident prezidenta prezidente prezydenta pricer prier primacy primar primates primeiras
primeiros primena primerak primeras primere primeri primerna primero primers primeru primeur
primier primiera primjer princes princese princesha princeshe princeska princesses princeza prines
prineses prinsesse printesa priser prisera prises prisses privades privatest privatus prizer
promier propagandas provocatives prumer prumera prumier præsident puerto puestos puled puling
pullovers pulover pulped pulping pulsed pulsing punties purled purling pusled pusling quela quelea
questao questio questor quinate quintar quista quitado quitame quitare quitarme quitarte quitense
quitte racing radet ragazzone raging rahing raking ramona ramping raport raports rapporte rapporti
rapporto raring rasing rasping rating raving rawing raxing raying razing reaping recover recovers
redeal redealing redeals refire rehire remora remote remoter remotes remous removals renove repeal
repealed repealer repealers repealing repeals repped repping reseal resealed resealing reseals
retile retime retine retired retirera retirers retires retore retraso revealings revela reveled
reveler revelers reveling revelled reveller revellers revelling revels revirar rewire rewove
riista riped riping rippings rippled rippling risped risping rocken rompas roping roлemn ruckmen
ruiken rukken sacame sacare sacarme sacarte sager sagger salite salle salte salting salues saluing
salutas saluted saluter saluters salutis sancer sander saner sangar sangers sangre sanker sanser
saring sarkisi sarkiyi sauger saute sautes sauting savesti scale scantity scantly scattily
schalter schauspielern schliere schlieren schlieric schoole schoolery schools schooner schooners
schorl schuler schulern schutter scowed scowing scrips seater seaters secateur sedeze seducings
seducive sedums sedute sefere sekere seksal seksala selkie senatora senatoren senatori senatorn
senators senatorze senere senger sensualisation sensualisations sensualise sensualised sensualises
sensualising sensualism sensualisms sensualist sensualistic sensualists sensualite sensualities
sensuality sensualization sensualizations sensualize sensualized sensualizes sensualizing
sensualness sensualnesses sequel sequels sering sester sesti severe sevgilisi sexuala sexuale
sexualisms sexualists sexualite sexualny sexuals sharter sharts shawed shawing sheading shearer
sheddings sheeter sheeve sheeves shending shewed shewer shewers shewing shiftless shifts shimming
shinny shipping shires shirks shirrs shists shitless shits shoats shoder shoders shoed shoeing
shoer shoers shoes shofer shooed shooing shool shooter shoots shored shorer shorers shores shoring
shorls shotes shots shotts shouter shouts shoved shover shovers shoves shoving showded showding
showds showerings showery showier showings showring shredding shrowed shrowing sieger sifter siger
signer sigter sikter simbol simbols sincer singers singur sinker sinner sinter sipping siring
sisters sitter sjesti skalle skaller skanger skarts skerts skimming skipping skippy skirls skirrs
skirtas skirtless skitch skits skorts slanger slapping sleave sleaves sledding sleeved sleever
sleevers slieve slieves slimming slinger sliping slippe slopping slowed slower slowing slyna
slynan smalter smeller smitch smockings snedding sneerer sniger snipping snirts snitch snorter
snorts snowed snowing sodere sodni soften soglia solute solutes songer soring sorten sorter sorts
sosken sostens soster sostien soutient sowed sower sowers sowing soyuzes spadnie spale spalled
spaller spalles spalne spille spinny spirts spodnje spodnjice spolni spomni sporter sports spoznic
spoznie sprad spreads spredd spreed spring sresti stackings stalle staller stanakatic stanck
stanger stanked stanken stanking stanks staring stedding steerer steeve steeves stesti stich
stickings sting stinger stiring stirps stomachs stomachy storing stowed stower stowers stowing
stracker strang strapped strapping straps strasse strekker streng streps stretla strettas strettos
strids strigs strims strings stringy striped stripes striping stripling strippings stromu strong
stropped stropping strops struju strung strups strækker studenta studente studenti studento
students studentu studenty studert stupent stying styring subprime sucias sumbol sundej
supremacists suprematist supreme surdaj suring susienky suster sutien sutiks sutras suttas suyen
svanger svastika svastikas svelti svesni sveti svinger swanger swastica swasticas swearer swearers
sweatier sweeter swelter swelters sweter swimmings swimwears swinger switch symbole symboles
symboli synger syster szenator sødere søster tacking taeing tagen taikini tajes takings talking
taming tanking taping taring tasking tawing taxing teachers teaing teaming teasing teazing techie
teenagere teended teendeel teened teeneid teener teeners teenes teenet teengestaan teensier
teensiest teentier teentiest teering tegnies tener teners teniem tenien teniendo teniente tenies
tenieu tenuring terenie tering teucher textiles thangs thenage thenages things thinker thinners
thorough though throngs thunks thuong tiddler tiddlers tiefer tinggalkan tinner tinners tipless
tirado tisner tjener toeless togliermi toglierti toglimi toking tongs totalament totalment tousers
toyless traces traden trades traen traes trafen tranen tranks transparence transparences trapes
traseiro traseros traten trates trauen traves treacher treens trener trogen trojes trong tronks
troong trossers trough troupers trouters trowsers trucks truing truks trung truuks tsking tuong
tweaked tweaker tweakers tweaking tweaks tweeds tweels tweenage tweenager tweenagers tweenie
tweenies tweers tweets twerps twights unbone unbooked unciform unciforms unclamp unclamped
unclamping unclamps unclassed uncled uncoer uncooked underaged underages underate underbear
underneaths underparts underplants underwears undine undines undoes undres undressings unform
unforms unglad unhooded unhooding unhoods unhooped unhooping unhoops unides uniforma uniforme
uniformes uniformi uniformo uniformu uniformy unione uniped unlooked unpressed unriper unrips
unties untressed unwiped upskirts urania vacina vadina vadinas vaginae vaginal vahish vaina vainas
vajina valina vanishings varnish varnished varnisher varnishers varnishes varnishing vehement
vendre venere venire venstre venter ventje ventred ventres venture verkozen verwilderd vestidos
vestindo viendin vientre vintre vrienden vuelvan vuelves vyslech vyslechnout vyslechu warden
waring wassen weaning wearings wearying weaving webring wedden weiger weiring weissen wenden weren
werfen werken werpen wessen wisten withouts wkoлbhыn wonden wooden wormen worsen worten wurden
ymnpaet yбente yбnbaet yбnpatb yдapntb zajecie zander zanier zegen zeggen zeiden zeigten zeilen
zeiten zender zeugen zinger zolder zoner zuigen zwanger αγρια βαζει βαλτε βγαζεισ βγαλει βγαλετε
бaлacың бiлbwe бiльше бoлbwen бoлbwne бoлbwoe бoлewe баласың болеше большеи большие большое більше
вдали видели виждали големи дebojka дebojkn дebonka дebywkon дetebo дeдywka дeдywkn дeлata девоика
девојка девојки девушкои дедушка дедушки делата детево жehщnham женщинам маден мальчишка мальчишки
менше меньшеи министер министър министъра министір никакви открии палто покажете покани президенту
премиер принцеса ребека ребекка робила родина сексуален сексуални сексуално смотрите снимаат
соблечи становиться сторите убеите убивает убирать ударить умирает школьныи במונית במסיבה בניגוד
בסירה הארווי הארורימ הוריד החירומ הימנית המונית המכירה המניות המסיבה הסירה הערובה הערות הקטנה
הקטנות הקטנימ התכשיטימ ולתמיד ותמיד לבגוד להטריד להפריד להתפטר למכירה למסיבה לתמיד מדיניות מניות
מתחתנימ מתמיד עצומות קטנות קטנימ שינית שמירה שתמיד الاحتفاظ الاحتفال الاخيره الاريكه الاسيله
الاعداء الاغنيه الالعاب التاريخ الجراه الجندي الذياب الرايع الرايعه الربيع الزفاف الصغار العادي
العاديه العالي العاليه العايلات العايله العربه العريف العشرين الغريب الغريبه الغير الفتره الفتيه
القارب القصر المراقبه المراه المريخ المريض المريضه المغزي المهنيه الناريه النور الوراء اليابان
بابايي باحاله باستان باستاني بالاحري بالبيت بالعكس بالنيابه ببيني ببينيد ببينيش ببينيم ببينين
بميره حالات حملات دربيارم دربياره دربياري كمتري كمترين للعايله مشاوره نوجوون والاحضرت والعشرين
`.split(/\s+/),
);
