//! The little of a shell's language that a client needs to name a file: words, quotes and one pipe. No variable, no
//! pattern and no second command is understood, so that nothing can be run.

/// A command line as the words of each of its commands, or `None` where it asks for more than words and pipes.
pub(super) fn commands(line: &[u8]) -> Option<Vec<Vec<Vec<u8>>>> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<Vec<u8>> = None;
    let mut left = line.iter().copied();
    while let Some(byte) = left.next() {
        match byte {
            b' ' | b'\t' => commands.last_mut()?.extend(word.take()),
            b'|' => {
                commands.last_mut()?.extend(word.take());
                commands.push(Vec::new());
            }
            b'\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match left.next()? {
                        b'\'' => break,
                        byte => word.push(byte),
                    }
                }
            }
            b'"' => double_quoted(word.get_or_insert_default(), &mut left)?,
            b'\\' => word.get_or_insert_default().push(left.next().filter(|byte| *byte != b'\n')?),
            b'$' | b'`' | b'&' | b';' | b'<' | b'>' | b'(' | b')' | b'{' | b'}' | b'*' | b'?' | b'[' | b'#' | b'~'
            | b'!' | b'\n' | b'\r' | 0 => return None,
            byte => word.get_or_insert_default().push(byte),
        }
    }
    commands.last_mut()?.extend(word);
    commands.iter().all(|words| !words.is_empty()).then_some(commands)
}

fn double_quoted(word: &mut Vec<u8>, left: &mut impl Iterator<Item = u8>) -> Option<()> {
    loop {
        match left.next()? {
            b'"' => return Some(()),
            b'$' | b'`' => return None,
            b'\\' => match left.next()? {
                byte @ (b'$' | b'`' | b'"' | b'\\') => word.push(byte),
                byte => word.extend([b'\\', byte]),
            },
            byte => word.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> Option<Vec<Vec<String>>> {
        let text = |word: Vec<u8>| String::from_utf8(word).unwrap();
        Some(commands(line.as_bytes())?.into_iter().map(|words| words.into_iter().map(text).collect()).collect())
    }

    #[test]
    fn words_are_split_as_a_shell_splits_them() {
        assert_eq!(split("sha256sum -- '/a b'"), Some(vec![vec!["sha256sum".into(), "--".into(), "/a b".into()]]));
        assert_eq!(split(r"x 'it'\''s' ''"), Some(vec![vec!["x".into(), "it's".into(), String::new()]]));
        assert_eq!(split(r#"x "a \"b\" \n" c\ d"#), Some(vec![vec!["x".into(), r#"a "b" \n"#.into(), "c d".into()]]));
        assert_eq!(split("x '$HOME;*'"), Some(vec![vec!["x".into(), "$HOME;*".into()]]), "quoted, these are letters");
        assert_eq!(split("a b|c"), Some(vec![vec!["a".into(), "b".into()], vec!["c".into()]]));
    }

    #[test]
    fn anything_that_would_run_more_is_not_understood() {
        for line in
            ["a;b", "a&&b", "a $(b)", "a `b`", "a > b", "a < b", "a *", "a \"$b\"", "a\nb", "a 'b", "|", "a||b", ""]
        {
            assert_eq!(split(line), None, "{line:?}");
        }
    }
}
