//! The names of a folder, and each as the line that `ls -l` would print: some clients show that line as it is.

use std::{io, path::Path};

use jiff::{Timestamp, tz::TimeZone};

use super::{attributes::Attributes, packet::Name, root::Root};

/// All names of the folder at `local`, `.` and `..` first.
pub(super) fn names(root: &Root, local: &Path) -> io::Result<Vec<Name>> {
    let own = Attributes::of(&fs_err::metadata(local)?);
    let mut names = vec![name(b".".to_vec(), own), name(b"..".to_vec(), own)];
    for entry in fs_err::read_dir(local)? {
        let entry = entry?;
        match entry.metadata() {
            Ok(found) => names.push(name(root.to_wire(&entry.file_name()), Attributes::of(&found))),
            // It went between the two looks.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(names)
}

/// A name with its line.
pub(super) fn name(bytes: Vec<u8>, attributes: Attributes) -> Name {
    let mut long = line(&attributes).into_bytes();
    long.extend(&bytes);
    Name { bytes, long, attributes }
}

fn line(attributes: &Attributes) -> String {
    let (user, group) = attributes.owner.unwrap_or_default();
    let (_, changed) = attributes.times.unwrap_or_default();
    let date = Timestamp::from_second(changed.into()).unwrap_or_default().to_zoned(TimeZone::UTC);
    format!(
        "{}    1 {user:<8} {group:<8} {:>8} {} ",
        mode(attributes.permissions.unwrap_or_default()),
        attributes.size.unwrap_or_default(),
        date.strftime("%b %e  %Y"),
    )
}

fn mode(bits: u32) -> String {
    let kind = match bits & 0o170_000 {
        0o040_000 => 'd',
        0o120_000 => 'l',
        0o010_000 => 'p',
        0o140_000 => 's',
        0o020_000 => 'c',
        0o060_000 => 'b',
        _ => '-',
    };
    let letters = "rwxrwxrwx".chars().enumerate();
    std::iter::once(kind)
        .chain(letters.map(|(at, letter)| if bits & (0o400 >> at) == 0 { '-' } else { letter }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_like_that_of_ls() {
        let attributes = Attributes {
            size: Some(1234),
            owner: Some((1000, 100)),
            permissions: Some(0o100_640),
            times: Some((0, 1_700_000_000)),
        };
        let name = name(b"caf\xe9".to_vec(), attributes);
        assert_eq!(name.long, b"-rw-r-----    1 1000     100          1234 Nov 14  2023 caf\xe9");
    }
}
