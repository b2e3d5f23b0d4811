//! Words that carry grammar, not meaning: they tell a text's language, and nothing about its topic.

use std::{borrow::Cow, sync::LazyLock};

use rustc_hash::FxHashMap;

use super::folding::lowercase;

/// By ISO 639-1 code. Lower case, with the accents that careful writers put.
const LISTS: [(&str, &str); LANGUAGES] = [
    (
        "en",
        "a an and are as at be but by for if in into is it no not of on or such that the their then \
         there these they this to was will with from which has have been its can between other when \
         where how what who about all also any both each some only more most over under up down out \
         so do does did i me my we our you your he she him her his were had than may been being am \
         would could should them those here just because while very after before again",
    ),
    (
        "es",
        "el la los las un una unos unas de del a al en y e o u que por para con sin sobre entre es \
         son era eran fue ser está están estaba hay ha han había se su sus lo le les me te nos mi tu \
         como más pero si no ya muy también cuando donde este esta estos estas ese esa eso porque \
         todo todos qué cómo",
    ),
    (
        "de",
        "der die das den dem des ein eine einen einem einer eines und oder aber in im an am auf aus \
         bei mit nach von vom zu zum zur für über unter um ist sind war waren sein hat haben wird \
         werden wurde ich du er sie es wir ihr mich mir sich nicht kein keine auch nur noch wie als \
         wenn dass weil so schon was wer wo man mehr sehr kann",
    ),
    (
        "fr",
        "le la les l un une des du de d et ou mais en dans sur sous par pour avec sans entre à au \
         aux est sont était étaient être a ont avait il elle ils elles on je tu nous vous me te se \
         ce cet cette ces son sa ses leur leurs mon ma mes qui que quoi dont où ne pas plus comme si \
         très aussi tout tous été fait c j n s qu y",
    ),
    (
        "it",
        "il lo la i gli le l un uno una di del dello della dei degli delle a al allo alla ai agli \
         alle da dal dalla in nel nella con su sul sulla per tra fra e ed o ma è sono era erano \
         essere ha hanno aveva che chi cui non più come se si ci mi ti lui lei loro suo sua suoi \
         questo questa questi queste anche molto quando dove perché tutto",
    ),
    (
        "nl",
        "de het een en of maar in op aan van voor met bij uit over naar om te tot door tussen is \
         zijn was waren wordt worden werd heeft hebben had ik je jij hij zij ze we wij u mij me zich \
         dit dat deze die er hier daar niet geen ook nog al wel als dan wat wie waar hoe meer zeer \
         kan zo",
    ),
    (
        "pt",
        "o a os as um uma uns umas de do da dos das em no na nos nas por pelo pela para com sem \
         sobre entre e ou mas que é são era eram foi ser está estão estava há tem têm tinha se seu \
         sua seus suas lhe me te nós eu ele ela eles elas não mais muito também como quando onde \
         este esta esse essa isso já ao à às ou porque você",
    ),
    (
        "sv",
        "en ett den det de och eller men i på av för med till från om vid under över mellan är var \
         vara har hade blir blev kan ska skulle jag du han hon vi ni sig sin sitt sina min mitt din \
         inte som att så när där här hur vad vem också bara mycket mer än alla detta dessa denna",
    ),
    (
        "tr",
        "ve veya ama fakat ile için bir bu şu o da de ki mi mı mu mü ne en çok daha gibi kadar \
         sonra önce olarak olan oldu olduğu değil var yok ben sen biz siz onlar onun bunun her hiç \
         diye ise göre",
    ),
    (
        "ru",
        "и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее \
         мне было вот от меня еще нет о из ему теперь когда даже ну ли если уже или ни быть был него \
         до вас они мы это этот эта для при без их том тем где кто также",
    ),
    (
        "el",
        "ο η το οι τα του της των τον την στο στη στην στον στα και ή αλλά με για από σε ως προς να \
         θα που πως πώς τι δεν μην είναι ήταν έχει έχουν είχε αυτό αυτή αυτός ένα μια ένας μου σου \
         μας σας τους αν όταν όπως πολύ πιο μόνο ότι",
    ),
];

const LANGUAGES: usize = 11;
/// In bytes. Most words are longer than any function word, and need not be looked up.
const LONGEST: usize = 12;

/// Languages, a bit for each in the order of the lists.
#[derive(Clone, Copy, Default)]
struct Languages(u16);

static LANGUAGES_OF: LazyLock<FxHashMap<&'static str, Languages>> = LazyLock::new(|| {
    let mut languages_of: FxHashMap<&str, Languages> = FxHashMap::default();
    for (place, (_, words)) in LISTS.iter().enumerate() {
        for word in words.split_whitespace() {
            languages_of.entry(word).or_default().0 |= 1 << place;
        }
    }
    languages_of
});

impl Languages {
    /// Those of which a word, in lower case, is a function word.
    fn of(lowered: &str) -> Self {
        if lowered.len() > LONGEST {
            return Self::default();
        }
        LANGUAGES_OF.get(lowered).copied().unwrap_or_default()
    }

    fn of_any_case(word: &str) -> Self {
        let is_lower = word.bytes().all(|byte| byte.is_ascii_lowercase());
        let lowered = if is_lower { Cow::Borrowed(word) } else { Cow::Owned(lowercase(word)) };
        Self::of(&lowered)
    }

    fn has(self, place: usize) -> bool {
        self.0 >> place & 1 == 1
    }
}

/// How many function words of each language a text has.
pub(super) struct FunctionWords([u32; LANGUAGES]);

impl FunctionWords {
    /// In any case.
    pub(super) fn among<'word>(words: impl Iterator<Item = &'word str>) -> Self {
        let mut counts = [0; LANGUAGES];
        for word in words {
            let Languages(mut languages) = Languages::of_any_case(word);
            while languages != 0 {
                counts[languages.trailing_zeros() as usize] += 1;
                languages &= languages - 1;
            }
        }
        Self(counts)
    }

    /// None are known of some languages.
    pub(super) fn of(&self, language: &str) -> u32 {
        place_of(language).map_or(0, |place| self.0[place])
    }

    /// The language that has most of them, how many, and how many the next one has.
    pub(super) fn most(&self) -> (&'static str, u32, u32) {
        let mut places: [usize; LANGUAGES] = std::array::from_fn(|place| place);
        places.sort_by_key(|place| std::cmp::Reverse(self.0[*place]));
        let [first, second, ..] = places;
        (LISTS[first].0, self.0[first], self.0[second])
    }
}

fn place_of(language: &str) -> Option<usize> {
    LISTS.iter().position(|(code, _)| *code == language)
}

/// So many words of one language, of those that were typed, give the language away.
const ENOUGH_TO_TELL: usize = 2;

/// Of each word, in any case, whether it tells nothing of the topic: a function word of English, or of a
/// language of which the text has several, or of the one given.
pub(crate) fn which_are_function_words<'word>(
    words: impl Iterator<Item = &'word str>,
    language: Option<&str>,
) -> Vec<bool> {
    let languages: Vec<Languages> = words.map(Languages::of_any_case).collect();
    let is_spoken = |place: usize| {
        let found = languages.iter().filter(|languages| languages.has(place)).count();
        LISTS[place].0 == "en" || found >= ENOUGH_TO_TELL
    };
    let spoken: Vec<usize> = match language.and_then(place_of) {
        Some(place) => vec![place],
        None => (0..LANGUAGES).filter(|place| is_spoken(*place)).collect(),
    };
    languages.iter().map(|languages| spoken.iter().any(|place| languages.has(*place))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaningful<'words>(words: &'words str, language: Option<&str>) -> Vec<&'words str> {
        let flags = which_are_function_words(words.split(' '), language);
        words.split(' ').zip(flags).filter(|(_, is)| !is).map(|(word, _)| word).collect()
    }

    #[test]
    fn no_function_word_is_longer_than_those_that_are_looked_up() {
        let longest = LANGUAGES_OF.keys().map(|word| word.len()).max();
        assert_eq!(longest, Some(LONGEST));
    }

    #[test]
    fn the_words_that_carry_meaning_are_left() {
        assert_eq!(meaningful("the use of digital computers in the home", None).len(), 4);
        assert_eq!(meaningful("la casa de los pájaros", None), ["casa", "pájaros"]);
    }

    #[test]
    fn a_word_of_one_language_is_not_taken_for_another_s_grammar() {
        assert_eq!(meaningful("war peace", None), ["war", "peace"]);
        assert_eq!(meaningful("war peace", Some("de")), ["peace"]);
    }
}
