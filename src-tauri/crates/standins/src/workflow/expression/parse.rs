//! From the text of an expression to its tree.

use serde_json::Value;

/// A part of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Literal(Value),
    Name(String),
    Member(Box<Node>, Box<Node>),
    Call(String, Vec<Node>),
    Not(Box<Node>),
    Negative(Box<Node>),
    Empty(Box<Node>),
    Choice(Box<Node>, Box<Node>, Box<Node>),
    Pair(&'static str, Box<Node>, Box<Node>),
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Value(Value),
    Word(String),
    Sign(&'static str),
}

/// Two-letter signs first, or they would be read as two.
const SIGNS: [&str; 22] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", "[", "]", ".", ",", "?", ":",
];
/// The words that stand for signs.
const WORDS: [(&str, &str); 11] = [
    ("eq", "=="),
    ("ne", "!="),
    ("lt", "<"),
    ("gt", ">"),
    ("le", "<="),
    ("ge", ">="),
    ("and", "&&"),
    ("or", "||"),
    ("not", "!"),
    ("div", "/"),
    ("mod", "%"),
];
/// From the loosest binding to the tightest.
const LEVELS: [&[&str]; 6] = [&["||"], &["&&"], &["==", "!="], &["<", ">", "<=", ">="], &["+", "-"], &["*", "/", "%"]];
/// How deep brackets may lie in each other.
const MAX_DEPTH: usize = 50;

/// Reads the tokens of one expression.
pub(super) struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    /// Reads a whole expression, without its `${` and `}`.
    pub(super) fn parse(text: &str) -> Result<Node, String> {
        let mut parser = Self { tokens: tokens(text)?, at: 0, depth: 0 };
        let node = parser.choice()?;
        match parser.tokens.get(parser.at) {
            None => Ok(node),
            Some(token) => Err(format!("unexpected {token:?}")),
        }
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is_it = matches!(self.tokens.get(self.at), Some(Token::Sign(found)) if *found == sign);
        self.at += usize::from(is_it);
        is_it
    }

    fn needs(&mut self, sign: &str) -> Result<(), String> {
        if self.takes(sign) { Ok(()) } else { Err(format!("'{sign}' is missing")) }
    }

    fn choice(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("too deep".to_owned());
        }
        let condition = self.pair(0)?;
        let node = if self.takes("?") {
            let yes = self.choice()?;
            self.needs(":")?;
            Node::Choice(Box::new(condition), Box::new(yes), Box::new(self.choice()?))
        } else {
            condition
        };
        self.depth -= 1;
        Ok(node)
    }

    fn pair(&mut self, level: usize) -> Result<Node, String> {
        let Some(signs) = LEVELS.get(level) else { return self.prefixed() };
        let mut left = self.pair(level + 1)?;
        while let Some(sign) = signs.iter().copied().find(|sign| self.takes(sign)) {
            left = Node::Pair(sign, Box::new(left), Box::new(self.pair(level + 1)?));
        }
        Ok(left)
    }

    fn prefixed(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("too deep".to_owned());
        }
        let node = if self.takes("!") {
            Node::Not(Box::new(self.prefixed()?))
        } else if self.takes("-") {
            Node::Negative(Box::new(self.prefixed()?))
        } else if self.tokens.get(self.at) == Some(&Token::Word("empty".to_owned())) {
            self.at += 1;
            Node::Empty(Box::new(self.prefixed()?))
        } else {
            self.path()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn path(&mut self) -> Result<Node, String> {
        let token = self.tokens.get(self.at).cloned().ok_or("it ends too early")?;
        self.at += 1;
        let mut spoken = String::new();
        let mut node = match token {
            Token::Value(value) => Node::Literal(value),
            Token::Word(word) => {
                spoken.clone_from(&word);
                Node::Name(word)
            }
            Token::Sign("(") => {
                let inner = self.choice()?;
                self.needs(")")?;
                inner
            }
            Token::Sign(sign) => return Err(format!("unexpected '{sign}'")),
        };
        loop {
            if self.takes(".") {
                let Some(Token::Word(name)) = self.tokens.get(self.at).cloned() else {
                    return Err("a name is missing after '.'".to_owned());
                };
                self.at += 1;
                spoken = format!("{spoken}.{name}");
                node = Node::Member(Box::new(node), Box::new(Node::Literal(Value::String(name))));
            } else if self.takes("[") {
                let index = self.choice()?;
                self.needs("]")?;
                node = Node::Member(Box::new(node), Box::new(index));
            } else if self.takes("(") {
                node = Node::Call(spoken.clone(), self.arguments()?);
            } else {
                return Ok(node);
            }
        }
    }

    fn arguments(&mut self) -> Result<Vec<Node>, String> {
        let mut arguments = Vec::new();
        if self.takes(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.choice()?);
            if self.takes(")") {
                return Ok(arguments);
            }
            self.needs(",")?;
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => {
                let (value, length) = quoted(rest, first)?;
                tokens.push(Token::Value(Value::String(value)));
                length
            }
            '0'..='9' => {
                let length = rest.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(rest.len());
                tokens.push(Token::Value(number(&rest[..length])?));
                length
            }
            _ if first.is_alphabetic() || first == '_' || first == '$' => {
                let ends = |sign: char| !sign.is_alphanumeric() && sign != '_' && sign != '$';
                let length = rest.find(ends).unwrap_or(rest.len());
                tokens.push(word(&rest[..length]));
                length
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                let sign = sign.ok_or_else(|| format!("unexpected '{first}'"))?;
                tokens.push(Token::Sign(sign));
                sign.len()
            }
        };
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn word(word: &str) -> Token {
    match word {
        "true" => Token::Value(Value::Bool(true)),
        "false" => Token::Value(Value::Bool(false)),
        "null" => Token::Value(Value::Null),
        _ => match WORDS.iter().find(|(name, _)| *name == word) {
            Some((_, sign)) => Token::Sign(sign),
            None => Token::Word(word.to_owned()),
        },
    }
}

fn number(text: &str) -> Result<Value, String> {
    if let Ok(whole) = text.parse::<i64>() {
        return Ok(Value::from(whole));
    }
    text.parse::<f64>().map(Value::from).map_err(|_| format!("'{text}' is no number"))
}

/// A quoted text and the length of it with its quotes, in bytes.
fn quoted(text: &str, quote: char) -> Result<(String, usize), String> {
    let mut value = String::new();
    let mut escaped = false;
    for (at, sign) in text.char_indices().skip(1) {
        match sign {
            _ if escaped => {
                value.push(sign);
                escaped = false;
            }
            '\\' => escaped = true,
            _ if sign == quote => return Ok((value, at + sign.len_utf8())),
            _ => value.push(sign),
        }
    }
    Err("a text does not end".to_owned())
}
