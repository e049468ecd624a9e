/** Titles and what else begins with a capital and stands before a name. All words here are without their last stop. */
export const BEFORE_NAME = words(
  `Mr Mrs Ms Mx Dr Prof Rev Hon Gov Sen Rep Pres Gen Col Maj Capt Cmdr Lt Sgt Cpl Adm Supt Messrs
  Dipl Ing Fr Hr Mme Mlle Mgr Sra Srta Dra Ud Uds Sig Dott Avv Ph.D M.D`,
);

/** In lower case: what is never the last word, whatever follows. */
export const NEVER_LAST = words(
  `vs e.g i.e cf viz resp approx incl excl z.b d.h u.a v.a i.d.r o.ä u.u bzw ggf evtl vgl p.ex т.е т.к`,
);

/** In lower case: what is an abbreviation if a number follows, and otherwise a word like any other. */
export const BEFORE_NUMBER = words(
  `no nos nr núm pág págs p pp fig figs eq eqs sec secs ch chap vol vols art abs c ca ver рис стр
  jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun`,
);

/** In lower case: what ends a sentence now and then. It does if a usual first word of one follows. */
export const SOMETIMES_LAST = words(
  `inc ltd co corp bros llc plc jr sr esq st mt ft ave blvd rd dept univ al ed eds etc usw
  a.m p.m u.s u.k u.n e.u u.s.a т.д т.п`,
);

/** What a sentence often begins with, as it stands there. */
export const FIRST_WORDS = words(
  `The A An This That These Those It Its He His She Her They Their We Our I You Your There Here And But Or So Yet If When While Where
  After Before Since As At In On By For From With Without Not No Yes What Who Why How Which All Both Each Every Many Most Some Such
  One Two However Then Now Today Later Also Still Only Once Although Because Until Meanwhile Moreover Therefore Thus
  Der Die Das Ein Eine Er Sie Es Wir Ich Im Und Aber Doch
  Le La Les Un Une Il Elle Ils Elles Nous On Mais Et El Los Las Una Ella Pero Y`,
);

/** What follows an ordinal number in languages that write it with a full stop. */
export const MONTHS = words(
  `Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember
  januar februar mars april maj mai juni juli august september oktober november desember december`,
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}
