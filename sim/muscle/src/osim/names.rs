//! Names of elements that XML does not allow and OpenSim writes all the same.

use std::borrow::Cow;

/// The text with names of elements that XML can read: OpenSim writes `<HuntCrossleyForce::ContactParametersSet>`, and no name has two colons. Each becomes an underscore, so that
/// lines and columns stay.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains("::") {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    let mut in_name = false;
    for place in 0..bytes.len() {
        match bytes[place] {
            b'<' => in_name = true,
            b'/' if in_name && bytes[place - 1] == b'<' => {}
            b':' if in_name && bytes.get(place + 1) == Some(&b':') => bytes[place..place + 2].fill(b'_'),
            byte if byte.is_ascii_alphanumeric() || b"_-.".contains(&byte) => {}
            _ => in_name = false,
        }
    }
    // Colons alone were replaced, each by one byte.
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colons_in_names_of_elements_alone_are_replaced() {
        let text = "<a::B name=\"x::y\">c::d<!-- e::f --></a::B>";
        assert_eq!(plain(text), "<a__B name=\"x::y\">c::d<!-- e::f --></a__B>");
        assert_eq!(plain("<a:b/>"), "<a:b/>");
    }
}
