//! Sizes as people read them.

/// A number of bytes in the largest unit that fits, with one decimal at most: `100 MiB`, `3.4 GiB`.
pub fn shown_size(bytes: u64) -> String {
    let (mut unit, mut size) = ("B", 1_u64);
    for (at, name) in (1..).zip(["KiB", "MiB", "GiB", "TiB"]) {
        if bytes >> (10 * at) > 0 {
            (unit, size) = (name, 1 << (10 * at));
        }
    }
    let (whole, tenths) = (bytes / size, bytes % size / (size / 10).max(1));
    if unit == "B" || tenths == 0 || tenths > 9 {
        format!("{whole} {unit}")
    } else {
        format!("{whole}.{tenths} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::shown_size;

    #[test]
    fn a_size_has_the_unit_in_which_people_think() {
        for (bytes, shown) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (104_857_600, "100 MiB"),
            (3_638_558_720, "3.3 GiB"),
            (2_199_023_255_552, "2 TiB"),
        ] {
            assert_eq!(shown_size(bytes), shown, "{bytes}");
        }
    }
}
