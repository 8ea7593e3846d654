//! `coxa radiomics`: features of a region of an image.

use crate::cli::radiomics::RadiomicsArgs;
use crate::new_file;
use crate::table::Table;
use anyhow::{Context, Result, bail};
use coxa_case::failure::file_error;
use coxa_imaging::nifti;
use coxa_radiomics::{Extraction, Settings, extract, mask_of};
use serde::Serialize;

/// A feature as a row of the result.
#[derive(Debug, Serialize)]
struct Row<'a> {
    tag: &'a str,
    family: String,
    name: &'a str,
    code: &'a str,
    aggregation: String,
    pyradiomics: &'a str,
    value: Option<f64>,
}

/// Runs the command.
pub fn run(args: &RadiomicsArgs) -> Result<()> {
    if let Some(path) = &args.write_settings {
        return new_file::write(path, Settings::TEMPLATE);
    }
    let (Some(image), Some(mask)) = (&args.image, &args.mask) else {
        bail!("an image and a mask are needed; see coxa radiomics --help");
    };
    let mut settings = match &args.settings {
        None => Settings::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| file_error("read", path, &error))?;
            Settings::from_toml(&text).with_context(|| path.display().to_string())?
        }
    };
    if let Some(mode) = args.mode {
        settings.mode = mode.into();
    }
    let (image, _) = nifti::read_values(image)?;
    let (labels, _) = nifti::read_label_ids(mask)?;
    let extraction = extract(&image, &mask_of(&labels, args.label), &settings)?;
    let text = if args.json {
        json(&extraction, &settings)?
    } else if args.csv {
        csv(&extraction)?
    } else {
        table(&extraction)
    };
    match &args.output {
        Some(path) => new_file::write(path, &format!("{text}\n")),
        None => {
            say!("{text}");
            Ok(())
        }
    }
}

fn rows(extraction: &Extraction) -> Result<Vec<Row<'_>>> {
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut rows = Vec::new();
    for feature in &extraction.features {
        let known = feature.feature.as_ref();
        rows.push(Row {
            tag: &feature.tag,
            family: known
                .map(|known| serde_json::to_value(known.family))
                .transpose()?
                .map(word)
                .unwrap_or_default(),
            name: known.map_or("", |known| known.name),
            code: known.map_or("", |known| known.code),
            aggregation: word(serde_json::to_value(feature.aggregation)?),
            pyradiomics: known.and_then(|known| known.pyradiomics).unwrap_or(""),
            value: feature.value,
        });
    }
    Ok(rows)
}

fn json(extraction: &Extraction, settings: &Settings) -> Result<String> {
    let all = serde_json::json!({
        "settings": settings,
        "diagnostics": extraction.diagnostics,
        "features": rows(extraction)?,
    });
    Ok(serde_json::to_string_pretty(&all)?)
}

fn csv(extraction: &Extraction) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows(extraction)? {
        writer.serialize(row)?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?.trim_end().to_owned())
}

fn table(extraction: &Extraction) -> String {
    let mut table = Table::new().left("feature").right("value").left("name");
    for feature in &extraction.features {
        let value = feature.value.map_or_else(|| "undefined".to_owned(), short);
        table.row(&[&feature.tag, &value, &feature.feature.map_or("", |known| known.name)]);
    }
    table.to_string()
}

/// Six significant digits.
fn short(value: f64) -> String {
    if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
        let digits = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 };
        let text = format!("{value:.*}", (5 - digits).max(0) as usize);
        return match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => text,
        };
    }
    format!("{value:.5e}")
}
