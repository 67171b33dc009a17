//! The plot of `docs/performance.svg`, in colors that are legible on light and dark pages.

use std::error::Error;
use std::ops::Range;

use plotters::prelude::*;
use support::{Bizkithub, Contestant, HandWritten};

use crate::Point;

const GRAY: RGBColor = RGBColor(128, 128, 128);
const COLORS: [RGBColor; 2] = [RGBColor(217, 119, 6), RGBColor(59, 130, 246)];
const NAMES: [&str; 2] = [HandWritten::NAME, Bizkithub::NAME];

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Figure = fn(&Point) -> f64;

pub fn draw(
    file: &str,
    callers: &[usize],
    by_callers: &[Vec<Point>; 2],
    bodies: &[usize],
    by_body: &[Vec<Point>; 2],
) -> Result<(), Box<dyn Error>> {
    let rate: Figure = |point| point.measured.calls_per_second;
    let p99: Figure = |point| point.measured.p99.as_secs_f64() * 1e3;
    let memory: Figure = |point| point.resident_mib;

    let root = SVGBackend::new(file, (900, 640)).into_drawing_area();
    let [top_left, top_right, bottom_left, bottom_right] = &root.split_evenly((2, 2))[..] else {
        return Err("four charts".into());
    };
    // The corners that the curves leave free for the legend.
    let (below, above) = (SeriesLabelPosition::LowerRight, SeriesLabelPosition::UpperLeft);
    let callers_and_points = (callers, by_callers);
    chart(top_left, "calls per second by callers", callers_and_points, rate, below.clone())?;
    chart(top_right, "p99 in ms by callers", callers_and_points, p99, above.clone())?;
    chart(bottom_left, "resident MiB by callers", callers_and_points, memory, above)?;
    chart(bottom_right, "calls per second by KiB of body", (bodies, by_body), rate, below)?;
    root.present()?;
    Ok(())
}

fn chart(
    area: &Area<'_>,
    title: &str,
    (xs, series): (&[usize], &[Vec<Point>; 2]),
    figure: Figure,
    legend: SeriesLabelPosition,
) -> Result<(), Box<dyn Error>> {
    let text = |size: i32| ("sans-serif", size).into_font().color(&GRAY);
    let highest = series.iter().flatten().map(figure).fold(0.0, f64::max);
    // One step for each measured point: the axis is roughly logarithmic, and has room for a zero.
    let steps: Range<f64> = -0.2..xs.len() as f64 - 0.8;
    let mut chart = ChartBuilder::on(area)
        .caption(title, text(16))
        .margin(12)
        .x_label_area_size(28)
        .y_label_area_size(56)
        .build_cartesian_2d(steps, 0.0..highest * 1.15)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRAY.mix(0.3))
        .axis_style(GRAY)
        .label_style(text(12))
        .x_labels(xs.len() + 1)
        .x_label_formatter(&|step| label(xs, *step))
        .y_labels(6)
        .y_label_formatter(&|figure| figure.to_string())
        .draw()?;
    for ((points, color), name) in series.iter().zip(COLORS).zip(NAMES) {
        let line = || points.iter().enumerate().map(|(step, point)| (step as f64, figure(point)));
        chart
            .draw_series(LineSeries::new(line(), color.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], color.stroke_width(2)));
        chart.draw_series(line().map(|point| Circle::new(point, 3, color.filled())))?;
    }
    chart
        .configure_series_labels()
        .position(legend)
        .border_style(TRANSPARENT)
        .label_font(text(12))
        .draw()?;
    Ok(())
}

fn label(xs: &[usize], step: f64) -> String {
    let on_a_step = (step - step.round()).abs() < 1e-6;
    match xs.get(step.round() as usize) {
        Some(0) if on_a_step => "minimal".to_owned(),
        Some(x) if on_a_step && step > -0.5 => x.to_string(),
        _ => String::new(),
    }
}
