//! Case and accents, taken away.

use unicode_normalization::UnicodeNormalization;

/// Lower case in compatibility form, accents kept, what cannot be seen left out.
pub(crate) fn lowercase(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfkc()
        .filter(|character| !is_invisible(*character))
        .flat_map(char::to_lowercase)
        .map(|character| if character == '’' { '\'' } else { character })
        .collect()
}

/// A lowercase word without accents and with the Latin letters that do not decompose spelt out.
pub(super) fn without_accents(word: &str) -> String {
    if word.is_ascii() {
        return word.to_owned();
    }
    let plain: String = word.nfd().filter(|mark| !is_accent(*mark)).nfc().collect();
    let mut spelt = String::with_capacity(plain.len());
    for letter in plain.chars() {
        match letter {
            'ß' => spelt.push_str("ss"),
            'æ' => spelt.push_str("ae"),
            'œ' => spelt.push_str("oe"),
            'þ' => spelt.push_str("th"),
            'ø' => spelt.push('o'),
            'ł' => spelt.push('l'),
            'đ' | 'ð' => spelt.push('d'),
            'ı' => spelt.push('i'),
            'ς' => spelt.push('σ'),
            _ => spelt.push(letter),
        }
    }
    spelt
}

/// Marks that writers leave out: diacritics, Hebrew points, Arabic vowel signs. The vowel signs of
/// Indic scripts are letters to their readers and stay.
fn is_accent(mark: char) -> bool {
    matches!(mark, '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{64B}'..='\u{65F}' | '\u{670}')
}

/// Soft hyphen, zero-width characters, direction marks, variation selectors.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(word: &str) -> String {
        without_accents(&lowercase(word))
    }

    #[test]
    fn case_accents_and_invisible_characters_do_not_count() {
        assert_eq!(fold("ÉCLAIR"), "eclair");
        assert_eq!(fold("e\u{301}clair"), "eclair");
        assert_eq!(fold("İstanbul"), "istanbul");
        assert_eq!(fold("co\u{AD}operate"), "cooperate");
        assert_eq!(fold("ﬁne"), "fine");
        assert_eq!(fold("Ｒｕｓｔ"), "rust");
    }

    #[test]
    fn letters_that_are_not_latin_survive() {
        assert_eq!(fold("한국"), "한국");
        assert_eq!(fold("हिन्दी"), "हिन्दी");
        assert_eq!(fold("ёлка"), "елка");
    }
}
