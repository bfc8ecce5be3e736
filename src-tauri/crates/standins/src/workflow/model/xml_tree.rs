//! XML as a tree of elements by their local names: BPMN is read without regard for prefixes.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    pub(super) text: String,
}

/// How deep elements may lie in each other.
const MAX_DEPTH: usize = 100;

fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or_default().to_owned()
}

impl Element {
    fn open(start: &BytesStart<'_>) -> Result<Self, String> {
        let mut element = Self { name: local(start.name().as_ref()), ..Self::default() };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = quick_xml::escape::unescape(&attribute.value).map_err(|error| error.to_string())?.into_owned();
            element.attributes.push((local(attribute.key.as_ref()), value));
        }
        Ok(element)
    }

    /// Reads a document; the root of the tree is the document's own.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader::from_str(text);
        let mut open = vec![Self::default()];
        loop {
            let event = reader.read_event().map_err(|error| error.to_string())?;
            match event {
                Event::Start(start) if open.len() > MAX_DEPTH => {
                    return Err(format!("{} lies too deep", local(start.name().as_ref())));
                }
                Event::Start(start) => open.push(Self::open(&start)?),
                Event::Empty(start) => {
                    let element = Self::open(&start)?;
                    last(&mut open)?.children.push(element);
                }
                Event::End(_) => {
                    let element = open.pop().ok_or("an element ends that did not begin")?;
                    last(&mut open)?.children.push(element);
                }
                Event::Text(part) => {
                    let part = quick_xml::escape::unescape(&part).map_err(|error| error.to_string())?;
                    last(&mut open)?.text.push_str(&part);
                }
                Event::GeneralRef(name) => {
                    let raw = format!("&{};", &*name);
                    let part = quick_xml::escape::unescape(&raw).map_err(|error| error.to_string())?;
                    last(&mut open)?.text.push_str(&part);
                }
                Event::CData(part) => last(&mut open)?.text.push_str(&part),
                Event::Eof => break,
                _ => {}
            }
        }
        let mut root = open.pop().filter(|_| open.is_empty()).ok_or("the document ends too early")?;
        root.children.pop().ok_or_else(|| "there is no element".to_owned())
    }

    /// An attribute that is there and not empty.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The same as an owned text.
    pub(super) fn owned(&self, name: &str) -> Option<String> {
        self.attribute(name).map(str::to_owned)
    }

    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All elements of a name below this one, at any depth.
    pub(super) fn below<'e>(&'e self, name: &str) -> Vec<&'e Self> {
        let mut found = Vec::new();
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            found.extend(child.below(name));
        }
        found
    }

    /// The text in it, without the space around.
    pub(super) fn content(&self) -> Option<String> {
        Some(self.text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
    }
}

fn last(open: &mut [Element]) -> Result<&mut Element, String> {
    open.last_mut().ok_or_else(|| "an element ends that did not begin".to_owned())
}
