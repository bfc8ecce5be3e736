//! Where a window goes: its place of the last time, as far as it can be reached on the screens of today.

use serde::{Deserialize, Serialize};
use tauri::Monitor;

/// What of its top edge has to lie on a screen, so that a pointer can take hold of it.
const HANDLE: (i64, i64) = (120, 30);

/// A window's place, in the pixels of the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Placement {
    /// Its upper left corner, where the session tells and takes one; Wayland does neither.
    pub(crate) at: Option<(i32, i32)>,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) maximised: bool,
}

/// The part of a screen that windows may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Area {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
}

impl Area {
    pub(crate) fn of(monitor: &Monitor) -> Self {
        let area = monitor.work_area();
        Self { x: area.position.x, y: area.position.y, width: area.size.width, height: area.size.height }
    }

    /// How much of the upper edge of a window lies here, across and down.
    fn holds(self, (x, y): (i32, i32), width: u32) -> (i64, i64) {
        let across = overlap((x.into(), i64::from(x) + i64::from(width)), (self.x.into(), self.right()));
        let down = overlap((y.into(), i64::from(y) + HANDLE.1), (self.y.into(), self.bottom()));
        (across, down)
    }

    fn right(self) -> i64 {
        i64::from(self.x) + i64::from(self.width)
    }

    fn bottom(self) -> i64 {
        i64::from(self.y) + i64::from(self.height)
    }

    fn middle_for(self, width: u32, height: u32) -> (i32, i32) {
        let aside = |whole: u32, part: u32| i32::try_from(whole.saturating_sub(part) / 2).unwrap_or(0);
        (self.x + aside(self.width, width), self.y + aside(self.height, height))
    }
}

fn overlap(one: (i64, i64), other: (i64, i64)) -> i64 {
    (one.1.min(other.1) - one.0.max(other.0)).max(0)
}

/// Where the window goes. `usual` is its size where none is kept; `None` where no screen is known.
pub(crate) fn fit(kept: Option<Placement>, usual: (u32, u32), areas: &[Area]) -> Option<Placement> {
    let first = *areas.first()?;
    let kept = kept.filter(|kept| kept.width > 0 && kept.height > 0);
    let Some(kept) = kept else {
        let (width, height) = (usual.0.min(first.width), usual.1.min(first.height));
        // Where a new window goes is the desktop's to say.
        return Some(Placement { at: None, width, height, maximised: false });
    };
    let reached = kept.at.and_then(|at| {
        let reached = |area: &&Area| {
            let (across, down) = area.holds(at, kept.width);
            across >= HANDLE.0.min(kept.width.into()) && down >= HANDLE.1
        };
        areas.iter().find(reached).map(|area| (at, *area))
    });
    let area = reached.map_or(first, |(_, area)| area);
    let (width, height) = (kept.width.min(area.width), kept.height.min(area.height));
    let at = match (kept.at, reached) {
        (None, _) => None,
        (Some(_), Some((at, _))) => Some(at),
        // Its screen is gone.
        (Some(_), None) => Some(area.middle_for(width, height)),
    };
    Some(Placement { at, width, height, maximised: kept.maximised })
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: (u32, u32) = (1360, 860);
    const SCREEN: Area = Area { x: 0, y: 0, width: 1920, height: 1080 };
    const RIGHT: Area = Area { x: 1920, y: 0, width: 1280, height: 1024 };

    fn kept(x: i32, y: i32, width: u32, height: u32) -> Placement {
        Placement { at: Some((x, y)), width, height, maximised: false }
    }

    #[test]
    fn a_first_start_goes_where_the_desktop_wants_it_and_is_no_larger_than_the_screen() {
        let new = |width, height| Some(Placement { at: None, ..kept(0, 0, width, height) });
        assert_eq!(fit(None, USUAL, &[SCREEN]), new(1360, 860));
        let small = Area { x: 0, y: 0, width: 640, height: 480 };
        assert_eq!(fit(None, USUAL, &[small]), new(640, 480));
    }

    #[test]
    fn the_place_of_the_last_time_is_taken_again_on_any_screen() {
        for place in [kept(10, 20, 800, 600), kept(2000, 100, 900, 700), kept(-600, 0, 800, 600)] {
            assert_eq!(fit(Some(place), USUAL, &[SCREEN, RIGHT]), Some(place));
        }
    }

    #[test]
    fn a_window_whose_screen_is_gone_comes_back_to_one_that_is_there() {
        let place = fit(Some(kept(2000, 100, 900, 700)), USUAL, &[SCREEN]).unwrap();
        assert_eq!(place, kept(510, 190, 900, 700));
    }

    #[test]
    fn a_window_whose_title_cannot_be_reached_comes_back() {
        for lost in
            [kept(1850, 100, 800, 600), kept(-780, 0, 800, 600), kept(100, 1070, 800, 600), kept(100, -500, 800, 600)]
        {
            assert_eq!(fit(Some(lost), USUAL, &[SCREEN]).unwrap().at, Some((560, 240)), "{lost:?}");
        }
    }

    #[test]
    fn a_window_that_is_larger_than_its_screen_shrinks_and_one_that_was_maximised_is_so_again() {
        let wide = Placement { maximised: true, ..kept(1920, 0, 1900, 1060) };
        let expected = Placement { maximised: true, ..kept(1920, 0, 1280, 1024) };
        assert_eq!(fit(Some(wide), USUAL, &[SCREEN, RIGHT]), Some(expected));
    }

    #[test]
    fn where_the_session_tells_no_places_the_size_is_kept_and_no_place_asked_for() {
        let place = Placement { at: None, ..kept(0, 0, 700, 500) };
        assert_eq!(fit(Some(place), USUAL, &[SCREEN]), Some(place));
    }

    #[test]
    fn without_a_screen_nothing_is_asked_for() {
        assert_eq!(fit(Some(kept(0, 0, 10, 10)), USUAL, &[]), None);
    }
}
