//! The report: one page that stands alone.

use super::areas::{Areas, TestOf, Tests};
use super::designs::{ModuleOf, UncrossedOf};
use super::result::Analysis;
use super::svg::{curves, escaped};
use coxa_statistics::{Estimate, KappaWeights, MarkFigure};
use std::fmt::Write;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em;color:#1c2026}\
h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}table{border-collapse:collapse;margin:.6em 0}\
th,td{padding:3px 14px 3px 0;text-align:left;border-bottom:1px solid #ddd;font-variant-numeric:tabular-nums}\
svg{max-width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:#333}.lead{font-size:1.1em}.dim{color:#666}";

/// The page.
pub fn html(analysis: &Analysis) -> String {
    let mut page = String::new();
    let title = escaped(&analysis.title);
    let _ = write!(
        page,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>"
    );
    let disease = analysis.diseased.map_or(String::new(), |with| format!(", {with} of them with disease"));
    let _ = write!(
        page,
        "<p>{} readers, {} methods ({}), {} cases{disease}, {} readings.</p>",
        analysis.readers.len(),
        analysis.treatments.len(),
        escaped(&analysis.treatments.join(", ")),
        analysis.cases,
        analysis.readings
    );
    if let Some(areas) = &analysis.areas {
        of_areas(&mut page, analysis, areas);
    }
    of_operating(&mut page, analysis);
    of_designs(&mut page, analysis);
    of_marks(&mut page, analysis);
    of_classes(&mut page, analysis);
    of_agreement(&mut page, analysis);
    of_time(&mut page, analysis);
    if !analysis.notes.is_empty() {
        page.push_str("<h2>Notes</h2><ul>");
        analysis.notes.iter().for_each(|note| {
            let _ = write!(page, "<li>{}</li>", escaped(note));
        });
        page.push_str("</ul>");
    }
    page.push_str(
        "<p class=\"dim\">Made by Coxa. For research; not a cleared medical device.</p></body></html>\n",
    );
    page
}

fn of_areas(page: &mut String, analysis: &Analysis, areas: &Areas) {
    page.push_str("<h2>Area under the ROC curve</h2>");
    let lead = areas.jackknife.as_ref().map(|tests| &tests.random);
    for difference in lead.iter().flat_map(|test| &test.differences) {
        let p = lead.map_or(f64::NAN, |test| test.p);
        let _ = write!(
            page,
            "<p class=\"lead\">{} less {}: {}{}.</p>",
            escaped(&difference.to),
            escaped(&difference.from),
            estimate(&difference.difference),
            if analysis.treatments.len() == 2 { format!(", p = {}", p_value(p)) } else { String::new() }
        );
    }
    page.push_str(&curves(&analysis.treatments, &analysis.readers, &areas.areas));
    page.push_str("<table><tr><th>Reader</th>");
    for treatment in &analysis.treatments {
        let _ = write!(page, "<th>{}</th>", escaped(treatment));
    }
    page.push_str("</tr>");
    for reader in &analysis.readers {
        let _ = write!(page, "<tr><td>{}</td>", escaped(reader));
        for treatment in &analysis.treatments {
            let found =
                areas.areas.iter().find(|area| area.reader == *reader && area.treatment == *treatment);
            let _ =
                write!(page, "<td>{}</td>", found.map_or("\u{2013}".to_owned(), |area| estimate(&area.area)));
        }
        page.push_str("</tr>");
    }
    page.push_str("<tr><th>Mean</th>");
    for mean in &areas.means {
        let _ = write!(page, "<th>{mean:.4}</th>");
    }
    page.push_str(
        "</tr></table><p class=\"dim\">Empirical areas; intervals of 95 % of single readers by DeLong.</p>",
    );
    for (name, tests) in [("jackknife", &areas.jackknife), ("DeLong", &areas.delong)] {
        if let Some(tests) = tests {
            of_tests(page, name, tests);
        }
    }
}

fn of_tests(page: &mut String, name: &str, tests: &Tests) {
    let c = tests.components;
    let _ = write!(
        page,
        "<h2>Do methods differ? Obuchowski-Rockette, {name} covariances</h2><table><tr><th>For</th><th>F</th><th>df</th><th>p</th><th>Differences</th></tr>"
    );
    for (whom, test) in [
        ("other readers, other cases", &tests.random),
        ("these readers, other cases", &tests.fixed_readers),
        ("other readers, these cases", &tests.fixed_cases),
    ] {
        let _ = write!(
            page,
            "<tr><td>{whom}</td><td>{:.4}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            test.f,
            freedom(test),
            p_value(test.p),
            test.differences
                .iter()
                .map(|d| format!(
                    "{} \u{2212} {}: {}",
                    escaped(&d.to),
                    escaped(&d.from),
                    estimate(&d.difference)
                ))
                .collect::<Vec<_>>()
                .join("<br>")
        );
    }
    let _ = write!(
        page,
        "</table><p class=\"dim\">Error variance {:.6}, Cov1 {:.6}, Cov2 {:.6}, Cov3 {:.6}; degrees of freedom after Hillis 2007.</p>",
        c.var, c.cov1, c.cov2, c.cov3
    );
}

fn of_operating(page: &mut String, analysis: &Analysis) {
    let Some(found) = &analysis.operating else { return };
    let _ = write!(
        page,
        "<h2>Sensitivity and specificity</h2><p>Ratings of {} or above call a case diseased.</p><table><tr><th></th><th>Method</th><th>Mean</th><th>Readers</th><th>p</th></tr>",
        found.threshold
    );
    for (name, fractions) in [("Sensitivity", &found.sensitivity), ("Specificity", &found.specificity)] {
        let by_method = fractions.by_reader.chunks(found.readers.len().max(1));
        for ((treatment, mean), readers) in analysis.treatments.iter().zip(&fractions.means).zip(by_method) {
            let readers: Vec<String> = readers.iter().map(|of| format!("{of:.3}")).collect();
            let p = fractions.test.as_ref().map_or("\u{2013}".to_owned(), |test| p_value(test.p));
            let _ = write!(
                page,
                "<tr><td>{name}</td><td>{}</td><td>{}</td><td>{}</td><td>{p}</td></tr>",
                escaped(treatment),
                rounded(mean, 3),
                readers.join(", ")
            );
        }
    }
    let _ = write!(
        page,
        "</table><p class=\"dim\">Readers in the order {}; for other readers and cases.</p>",
        escaped(&found.readers.join(", "))
    );
}

fn of_designs(page: &mut String, analysis: &Analysis) {
    if !analysis.module.is_empty() {
        page.push_str("<h2>Module alone against the mean reader</h2><table><tr><th>Readers</th><th>Module</th><th>Mean reader</th><th>Module less reader</th><th>p</th></tr>");
        for ModuleOf { treatment, comparison } in &analysis.module {
            let _ = write!(
                page,
                "<tr><td>{}</td><td>{:.4}</td><td>{:.4}</td><td>{}</td><td>{}</td></tr>",
                escaped(treatment),
                comparison.module,
                comparison.readers,
                estimate(&comparison.difference.estimate),
                comparison.p.map_or("\u{2013}".to_owned(), p_value)
            );
        }
        page.push_str(
            "</table><p class=\"dim\">For other readers and cases; the module is taken as it is.</p>",
        );
    }
    if !analysis.uncrossed.is_empty() {
        page.push_str("<h2>All readings, some missing</h2><table><tr><th></th><th>Area</th><th>p</th></tr>");
        for UncrossedOf { from, to, found } in &analysis.uncrossed {
            let what = from
                .as_ref()
                .map_or_else(|| escaped(to), |from| format!("{} \u{2212} {}", escaped(to), escaped(from)));
            // That an area is not 0.5 is of no interest.
            let p = found.p.filter(|_| from.is_some()).map_or("\u{2013}".to_owned(), p_value);
            let _ =
                write!(page, "<tr><td>{what}</td><td>{}</td><td>{p}</td></tr>", estimate(&found.estimate));
        }
        page.push_str(
            "</table><p class=\"dim\">U-statistics (Gallas 2006), for other readers and cases.</p>",
        );
    }
}

fn of_marks(page: &mut String, analysis: &Analysis) {
    let Some(marks) = &analysis.marks else { return };
    let _ = write!(
        page,
        "<h2>Marks</h2><p>{} lesions. A mark finds a lesion where the middle of either lies in the other, on a slice of the lesion or the next.</p>\
         <table><tr><th>Method</th><th>Reader</th><th>Lesions found</th><th>Other marks</th></tr>",
        marks.lesions
    );
    let names = analysis
        .treatments
        .iter()
        .flat_map(|treatment| marks.readers.iter().map(move |reader| (treatment, reader)));
    for ((treatment, reader), (found, others)) in names.zip(marks.found.iter().zip(&marks.others)) {
        let _ = write!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{found}</td><td>{others}</td></tr>",
            escaped(treatment),
            escaped(reader)
        );
    }
    page.push_str("</table><table><tr><th>Figure of merit</th>");
    for treatment in &analysis.treatments {
        let _ = write!(page, "<th>{}</th>", escaped(treatment));
    }
    page.push_str("<th>p</th></tr>");
    for figure in &marks.figures {
        let name = match figure.figure {
            MarkFigure::Lesions => "AFROC, lesions alike (JAFROC)",
            MarkFigure::WeightedLesions => "AFROC, lesions of a case sharing its weight",
            MarkFigure::HighestRating => "inferred ROC, highest mark",
        };
        let _ = write!(page, "<tr><td>{name}</td>");
        figure.means.iter().for_each(|mean| {
            let _ = write!(page, "<td>{}</td>", estimate(mean));
        });
        let p = figure.test.as_ref().map_or("\u{2013}".to_owned(), |test| p_value(test.p));
        let _ = write!(page, "<td>{p}</td></tr>");
    }
    page.push_str("</table>");
}

fn freedom(test: &TestOf) -> String {
    let df2 = test.df2.map_or("\u{221e}".to_owned(), |df2| format!("{df2:.2}"));
    format!("{}; {df2}", test.df1)
}

fn of_classes(page: &mut String, analysis: &Analysis) {
    if analysis.classes.is_empty() {
        return;
    }
    page.push_str("<h2>Readers against the truth</h2><table><tr><th>Method</th><th>Reader</th><th>Right</th><th>Kappa</th></tr>");
    for row in &analysis.classes {
        let _ = write!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(&row.treatment),
            escaped(&row.reader),
            estimate(&row.accuracy),
            row.kappa.as_ref().map_or("\u{2013}".to_owned(), estimate)
        );
    }
    page.push_str("</table>");
}

fn of_agreement(page: &mut String, analysis: &Analysis) {
    let agreement = &analysis.agreement;
    if agreement.pairs.is_empty() && agreement.intraclass.iter().all(|(_, found)| found.is_none()) {
        return;
    }
    page.push_str("<h2>Agreement of readers</h2>");
    if !agreement.pairs.is_empty() {
        let weights = match agreement.weights {
            Some(KappaWeights::Quadratic) => "kappa with quadratic weights",
            Some(KappaWeights::Linear) => "kappa with linear weights",
            _ => "kappa",
        };
        let _ = write!(page, "<table><tr><th>Method</th><th>Readers</th><th>Cohen's {weights}</th></tr>");
        for pair in &agreement.pairs {
            let _ = write!(
                page,
                "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                escaped(&pair.treatment),
                escaped(&pair.readers.join(", ")),
                pair.kappa.as_ref().map_or("\u{2013}".to_owned(), estimate)
            );
        }
        page.push_str("</table>");
    }
    for (treatment, found) in &agreement.intraclass {
        if let Some(found) = found {
            let _ = write!(page, "<p>ICC(2,1), {}: {}</p>", escaped(treatment), estimate(found));
        }
    }
}

fn of_time(page: &mut String, analysis: &Analysis) {
    let Some(time) = &analysis.time else { return };
    page.push_str(
        "<h2>Time per case</h2><table><tr><th>Method</th><th>Reader</th><th>Readings</th><th>Median, s</th><th>Quartiles, s</th></tr>",
    );
    for row in &time.by_method {
        let [low, middle, high] = row.quartiles_s;
        let _ = write!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{middle:.1}</td><td>{low:.1} to {high:.1}</td></tr>",
            escaped(&row.treatment),
            row.reader.as_ref().map_or("all".to_owned(), |reader| escaped(reader)),
            row.n
        );
    }
    page.push_str("</table>");
    for ratio in &time.ratios {
        let p = if analysis.treatments.len() == 2 {
            format!(", p = {}", p_value(ratio.p))
        } else {
            String::new()
        };
        let _ = write!(
            page,
            "<p>{} takes {} times as long as {}{p} (geometric means; other readers and cases).</p>",
            escaped(&ratio.to),
            rounded(&ratio.ratio, 2),
            escaped(&ratio.from)
        );
    }
    page.push_str(
        "<p class=\"dim\">Time with the case on screen; time with the page hidden is not counted.</p>",
    );
}

/// A value with its interval.
fn estimate(estimate: &Estimate) -> String {
    rounded(estimate, 4)
}

fn rounded(estimate: &Estimate, digits: usize) -> String {
    let value = format!("{:.digits$}", estimate.value);
    estimate.interval.as_ref().map_or(value.clone(), |interval| {
        format!("{value} ({:.digits$} to {:.digits$})", interval.low, interval.high)
    })
}

fn p_value(p: f64) -> String {
    if p < 1e-4 { "below 0.0001".to_owned() } else { format!("{p:.4}") }
}
