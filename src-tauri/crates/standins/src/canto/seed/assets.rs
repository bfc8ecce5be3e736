//! The 250 assets of the start.

use std::collections::HashMap;

use crate::canto::asset::{APPROVED, Asset, FieldValue, Measures, PENDING, RESTRICTED, Scheme, Version};
use crate::canto::blob::Blob;
use crate::canto::library::Library;
use crate::canto::moment::{DAY, HOUR, day};
use crate::canto::picture;
use crate::canto::signer::long_id;
use crate::clock::Millis;

/// Who makes them, and where they go.
pub(super) struct Maker<'seed> {
    pub(super) library: &'seed mut Library,
    /// Ids by path.
    pub(super) albums: HashMap<&'static str, String>,
    pub(super) administrator: &'seed str,
    pub(super) contributor: &'seed str,
    pub(super) now: Millis,
}

/// Formats of a campaign's pictures.
const FORMATS: [(&str, u32, u32); 4] =
    [("1x1", 1080, 1080), ("4x5", 1080, 1350), ("16x9", 1920, 1080), ("9x16", 1080, 1920)];
const SPRING: [&str; 5] = ["Terrace at Dusk", "Breakfast Outside", "First Rain", "Lantern Row", "Oak Grain"];
const AUTUMN: [&str; 4] = ["By the Fire", "Wool and Oak", "Late Harvest", "Long Table"];

/// Makes them all.
pub(super) fn fill(maker: &mut Maker<'_>) {
    campaign(maker, "Spring Terrace 2027", &SPRING, &["Master", "Germany", "France", "Japan"], "terrace");
    campaign(maker, "Autumn Hearth 2026", &AUTUMN, &["Master", "Germany", "France"], "hearth");
    products(maker);
    brand(maker);
    film_and_sound(maker);
    papers(maker);
    special(maker);
}

impl Maker<'_> {
    /// One asset; `change` says the rest of it.
    fn add(&mut self, album: &str, name: &str, file: (Vec<u8>, Measures), change: impl FnOnce(&mut Asset, Millis)) {
        let number = Millis::try_from(self.library.assets.len()).unwrap_or(0);
        // Each is a little older than the one before, so that their order is always the same.
        let at = self.now - (2 + number) * DAY - (number % 7) * HOUR - number;
        let id = long_id(&format!("{album}/{name}"));
        let version = Version {
            id: long_id(&format!("{album}/{name}/1")),
            owner: if number % 3 == 0 { self.administrator } else { self.contributor }.to_owned(),
            at,
            comment: None,
            blob: Blob::of(file.0),
            measures: file.1,
        };
        let mut asset = Asset::new(id.clone(), name, APPROVED, version);
        asset.albums = self.albums.get(album).cloned().into_iter().collect();
        asset.copyright = Some("Fernhollow Garden Furniture".to_owned());
        asset.author = Some(if number % 2 == 0 { "Studio Lindwurm" } else { "In-house photography" }.to_owned());
        change(&mut asset, self.now);
        self.library.assets.insert(id, asset);
    }
}

fn photo(width: u32, height: u32, number: u32) -> (Vec<u8>, Measures) {
    let shade = |step: u32| u8::try_from((60 + number * step) % 196 + 30).unwrap_or(128);
    let measures = Measures { width: Some(width), height: Some(height), dpi: Some(300), ..Measures::default() };
    (picture::jpeg(width, height, 300, [shade(7), shade(11), shade(17)]), measures)
}

fn paper(lines: &[String]) -> (Vec<u8>, Measures) {
    let pages = u32::try_from(lines.len()).ok();
    (picture::pdf(lines), Measures { pages, ..Measures::default() })
}

fn one(asset: &mut Asset, field: &str, value: impl Into<String>) {
    asset.fields.insert(field.to_owned(), FieldValue::One(value.into()));
}

fn many(asset: &mut Asset, field: &str, values: &[&str]) {
    asset.fields.insert(field.to_owned(), FieldValue::Many(values.iter().map(|value| (*value).to_owned()).collect()));
}

fn campaign(maker: &mut Maker<'_>, title: &str, motifs: &[&str], markets: &[&str], keyword: &str) {
    let mut number = 0;
    for market in markets {
        for motif in motifs {
            for (format, width, height) in FORMATS {
                number += 1;
                let suffix = if *market == "Master" { String::new() } else { format!(" {}", code(market)) };
                let name = format!("{motif} {format}{suffix}.jpg");
                let album = format!("Campaigns/{title}/{market}");
                maker.add(&album, &name, photo(width, height, number), |asset, now| {
                    asset.keywords = vec![keyword.to_owned()];
                    asset.tags = vec![title.to_owned(), code(market).to_owned()];
                    asset.smart_tags = vec!["furniture".to_owned(), "outdoors".to_owned()];
                    asset.description = Some(format!("{motif}, key visual of {title}"));
                    describe(asset, title, market, number, now);
                });
            }
        }
    }
}

fn describe(asset: &mut Asset, title: &str, market: &str, number: u32, now: Millis) {
    one(asset, "Market", if market == "Master" { "Global" } else { code(market) });
    one(asset, "Campaign", title);
    let spring = title.starts_with("Spring");
    one(asset, "CampaignEnd", day(if spring { now + 200 * DAY } else { now + 12 * DAY }));
    if number.is_multiple_of(4) {
        many(asset, "Channels", &["Web", "Social"]);
    } else if number % 4 == 1 {
        many(asset, "Channels", &["Print", "Out of Home", "Retail"]);
        asset.keywords.push("hero".to_owned());
    }
    if number % 5 == 2 {
        one(asset, "LicenceEnd", day(now + Millis::from(number) * 9 * DAY));
        one(asset, "UsageTerms", "Europe and Japan, no resale");
        one(asset, "ModelRelease", "On file");
    }
    match (market, number % 6) {
        ("Japan", _) | ("France", 0 | 3) if spring => PENDING.clone_into(&mut asset.status),
        ("Germany", 5) => "In Legal Review".clone_into(&mut asset.status),
        ("France", 1) => RESTRICTED.clone_into(&mut asset.status),
        _ => {}
    }
    if spring && number % 7 == 3 {
        one(asset, "EmbargoUntil", day(now + 45 * DAY));
    }
}

fn code(market: &str) -> &str {
    match market {
        "Germany" => "DE",
        "France" => "FR",
        "Japan" => "JP",
        _ => "Global",
    }
}

fn products(maker: &mut Maker<'_>) {
    let lines = [
        ("Products/Garden/Tables", "Table", "FT"),
        ("Products/Garden/Chairs & Loungers", "Chair", "FC"),
        ("Products/Lighting/Lanterns", "Lantern", "FL"),
    ];
    for (line, (album, title, article)) in (1..).zip(lines) {
        for number in 1..=20 {
            let name = format!("{article}-{line}{number:02} {title}.jpg");
            maker.add(album, &name, photo(1600, 1200, line * 20 + number), |asset, _| {
                asset.keywords = vec!["product".to_owned(), "packshot".to_owned()];
                asset.tags = vec![title.to_owned()];
                asset.smart_tags = vec!["furniture".to_owned()];
                if number % 4 == 0 {
                    asset.copyright = None;
                }
                if number % 10 == 9 {
                    asset.frozen = true;
                }
                if number % 3 == 0 {
                    one(asset, "Market", "Global");
                    many(asset, "Channels", &["Web", "Retail"]);
                }
            });
        }
    }
}

fn brand(maker: &mut Maker<'_>) {
    for (number, kind) in
        (1..).zip(["green", "white", "black", "oak", "small", "wide", "stacked", "mark", "favicon", "seal"])
    {
        let (width, height) = if kind == "wide" { (2400, 600) } else { (1000, 1000) };
        let file = picture::png(width, height, [20, 90, u8::try_from(number * 20).unwrap_or(0)]);
        let measures = Measures { width: Some(width), height: Some(height), dpi: Some(72), ..Measures::default() };
        maker.add("Brand/Logos", &format!("Fernhollow logo {kind}.png"), (file, measures), |asset, _| {
            asset.keywords = vec!["logo".to_owned()];
        });
    }
    for title in ["Brand book", "Tone of voice", "Photography", "Packaging"] {
        let lines: Vec<String> = (1..=6).map(|page| format!("{title}, page {page}")).collect();
        maker.add("Brand/Guidelines", &format!("{title}.pdf"), paper(&lines), |_, _| {});
    }
    for face in ["Hollow Serif", "Hollow Sans", "Hollow Icons"] {
        let file = picture::zip(&[("LICENCE.txt", "For use by the company and its agencies."), ("README.txt", face)]);
        maker.add("Brand/Typefaces", &format!("{face}.zip"), (file, Measures::default()), |asset, now| {
            one(asset, "LicenceEnd", day(now + 300 * DAY));
        });
    }
}

fn film_and_sound(maker: &mut Maker<'_>) {
    let album = "Campaigns/Spring Terrace 2027/Film & Sound";
    for (number, motif) in
        (1..).zip(["Opening", "Dusk", "Rain", "Lanterns", "Making of", "Teaser", "Interview", "Drone"])
    {
        let seconds = number * 15;
        let measures =
            Measures { width: Some(1920), height: Some(1080), duration: Some(seconds), ..Measures::default() };
        maker.add(album, &format!("{motif} {seconds}s.mp4"), (picture::mp4(seconds, motif), measures), |asset, _| {
            asset.tags = vec!["Spring Terrace 2027".to_owned()];
            one(asset, "Campaign", "Spring Terrace 2027");
            if number % 3 == 0 {
                PENDING.clone_into(&mut asset.status);
            }
        });
    }
    for (number, title) in (1..).zip(["Theme", "Theme short", "Birdsong", "Voice DE", "Voice FR", "Voice JP"]) {
        let measures = Measures { duration: Some(number), ..Measures::default() };
        maker.add(album, &format!("{title}.wav"), (picture::wav(number), measures), |asset, now| {
            asset.keywords = vec!["soundtrack".to_owned()];
            one(asset, "LicenceEnd", day(now + 25 * DAY));
            one(asset, "UsageTerms", "Online only");
        });
    }
}

fn papers(maker: &mut Maker<'_>) {
    let vendors = ["Ashgrove Timber", "Lumen & Wick", "Studio Lindwurm", "Quillback Print"];
    for (number, vendor) in (1..).zip(vendors.iter().cycle().take(8)) {
        let lines =
            vec![format!("Supply contract {number} with {vendor}"), "Terms".to_owned(), "Signatures".to_owned()];
        maker.add("Papers/Supplier Contracts", &format!("{vendor} contract {number}.pdf"), paper(&lines), legal);
        let lines = vec![format!("Invoice {number} from {vendor}")];
        maker.add("Papers/Invoices", &format!("Invoice 2026-{number:04} {vendor}.pdf"), paper(&lines), legal);
    }
    for number in 1..=5 {
        let lines = vec![format!("Model release {number}"), "Signatures".to_owned()];
        maker.add("Papers/Model Releases", &format!("Model release {number}.pdf"), paper(&lines), |asset, now| {
            legal(asset, now);
            one(asset, "LicenceEnd", day(now + 90 * DAY));
        });
    }
    for (number, title) in (1..).zip(["Retail", "Hotels", "Japan launch", "Autumn review", "Dealer day", "Spring plan"])
    {
        let file = picture::zip(&[("[Content_Types].xml", "<Types/>"), ("ppt/presentation.xml", title)]);
        let measures = Measures { pages: Some(number * 4), ..Measures::default() };
        maker.add("Papers/Sales Decks", &format!("{title} deck.pptx"), (file, measures), |_, _| {});
    }
}

fn legal(asset: &mut Asset, _now: Millis) {
    asset.keywords = vec!["legal".to_owned()];
    RESTRICTED.clone_into(&mut asset.status);
    asset.author = None;
}

/// Those that try something: names, rights that end, versions.
fn special(maker: &mut Maker<'_>) {
    maker.add("Press", "Grüße aus Überlingen + Höri.jpg", photo(1200, 800, 3), |asset, now| {
        asset.description = Some("Seeufer bei Überlingen".to_owned());
        asset.expires = Some(now - DAY);
        asset.terms = Some("Press use until the end of the licence".to_owned());
    });
    maker.add("Press", "100% Oak + Linen.jpg", photo(1200, 1200, 5), |asset, now| {
        asset.expires = Some(now + 3 * DAY);
        one(asset, "LicenceEnd", day(now + 3 * DAY));
    });
    maker.add("Press", "Lantern Row press kit.jpg", photo(2000, 1500, 8), |asset, _| {
        for (number, comment) in [(2, "Colours as printed"), (3, "Logo at the right size")] {
            let (file, measures) = photo(2000, 1500, 8 + number);
            let version = Version {
                id: long_id(&format!("press kit/{number}")),
                at: asset.current.at + Millis::from(number) * DAY / 2,
                comment: Some(comment.to_owned()),
                blob: Blob::of(file),
                measures,
                ..asset.current.clone()
            };
            asset.add_version(version);
        }
    });
    // An agency sent it without a word about its rights.
    maker.add("Agencies/Studio Lindwurm", "Unsorted delivery 7.jpg", photo(1500, 1000, 13), |asset, _| {
        PENDING.clone_into(&mut asset.status);
        (asset.copyright, asset.author) = (None, None);
        one(asset, "ModelRelease", "Missing");
        debug_assert_eq!(asset.scheme, Scheme::Image);
    });
}
