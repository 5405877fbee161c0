// SPDX-License-Identifier: BSD-2-Clause
//! Judges an IGVM file by the reader that VMMs use, the igvm crate.
//!
//! usage: igvm-judge FILE ROM BASE
//!
//! The crate must accept FILE and write the same bytes again. ROM must lie at
//! BASE, a decimal number, page by page, and each page must come once.
use igvm::{IgvmDirectiveHeader, IgvmFile};
use std::collections::HashMap;
use std::{env, fs, process};

const PAGE: usize = 4096;

/// The pages of the file by their addresses. An empty one is zeros.
fn pages(file: &IgvmFile) -> Result<HashMap<u64, &[u8]>, String> {
    let mut found = HashMap::new();
    for header in file.directives() {
        if let IgvmDirectiveHeader::PageData { gpa, data, .. } = header {
            if found.insert(*gpa, data.as_slice()).is_some() {
                return Err(format!("page at {gpa:#x}: comes twice"));
            }
        }
    }
    Ok(found)
}

fn is_equal(page: &[u8], expected: &[u8]) -> bool {
    let zeros = [0; PAGE];
    let page = if page.is_empty() { &zeros } else { page };
    page.len() == PAGE
        && page.starts_with(expected)
        && page[expected.len()..].iter().all(|&byte| byte == 0)
}

fn judge(path: &str, rom: &str, base: u64) -> Result<String, String> {
    let read = |path| fs::read(path).map_err(|error| format!("{path}: {error}"));
    let (data, rom) = (read(path)?, read(rom)?);
    let file = IgvmFile::new_from_binary(&data, None)
        .map_err(|error| format!("is refused: {error:?}"))?;
    let pages = pages(&file)?;
    for (expected, gpa) in rom.chunks(PAGE).zip((base..).step_by(PAGE)) {
        match pages.get(&gpa) {
            None => return Err(format!("page at {gpa:#x}: is missing")),
            Some(page) if !is_equal(page, expected) => {
                return Err(format!("page at {gpa:#x}: is not the ROM's"));
            }
            Some(_) => {}
        }
    }
    let mut again = Vec::new();
    file.serialize(&mut again)
        .map_err(|error| format!("cannot be written: {error:?}"))?;
    if again != data {
        return Err("is written again with other bytes".to_string());
    }
    Ok(format!(
        "{} of {} pages are the ROM's; {} platforms, {} directives",
        rom.len().div_ceil(PAGE),
        pages.len(),
        file.platforms().len(),
        file.directives().len()
    ))
}

fn main() {
    let words: Vec<String> = env::args().collect();
    let base = words.get(3).and_then(|word| word.parse().ok());
    let (Some(base), 4) = (base, words.len()) else {
        eprintln!("usage: igvm-judge FILE ROM BASE");
        process::exit(2);
    };
    match judge(&words[1], &words[2], base) {
        Ok(words) => println!("{words}"),
        Err(words) => {
            eprintln!("{}: {}", &env::args().nth(1).unwrap(), words);
            process::exit(1);
        }
    }
}
