using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Sim7600.Cli.LinkComparison;

/// <summary>Delivery time over mean power, a point for each link, both on logarithmic axes.</summary>
internal static class LinksPlot
{
    private const int Width = 900;
    private const int Height = 560;
    private const int FontSize = 13;
    private static readonly OxyColor[] Colors = [OxyColor.FromRgb(0x1F, 0x4E, 0x8C), OxyColor.FromRgb(0xC2, 0x57, 0x0C)];
    private static readonly MarkerType[] Markers = [MarkerType.Circle, MarkerType.Diamond];

    /// <summary>Draws.</summary>
    /// <param name="workloads">One or two workloads: what the legend says of each, and how the links fared.</param>
    public static string ToSvg(params (string Title, IReadOnlyList<LinkResult> Results)[] workloads)
    {
        var model = new PlotModel { DefaultFont = "Arial", DefaultFontSize = FontSize, Background = OxyColors.White };
        model.Axes.Add(Axis(AxisPosition.Bottom, "mean power of the radio over the day (W)"));
        model.Axes.Add(Axis(AxisPosition.Left, "until the broker has it, median (s)"));
        for (int i = 0; i < workloads.Length; i++)
        {
            var series = new ScatterSeries { Title = workloads[i].Title, MarkerType = Markers[i], MarkerSize = 6, MarkerFill = Colors[i], RenderInLegend = workloads[i].Title.Length > 0 };
            foreach (LinkResult result in workloads[i].Results)
            {
                var point = new DataPoint(result.MeanWatts, result.DeliveryMedian.TotalSeconds);
                series.Points.Add(new ScatterPoint(point.X, point.Y));
                model.Annotations.Add(new TextAnnotation
                {
                    Text = result.Link.Name,
                    TextPosition = point,
                    Offset = new ScreenVector(0, i == 0 ? -8 : 24),
                    TextColor = Colors[i],
                    Stroke = OxyColors.Transparent,
                    TextHorizontalAlignment = HorizontalAlignment.Center,
                });
            }

            model.Series.Add(series);
        }

        model.Legends.Add(new Legend { LegendPosition = LegendPosition.TopLeft, LegendBackground = OxyColors.White, LegendPadding = 16, LegendLineSpacing = 6 });
        return new SvgExporter { Width = Width, Height = Height }.ExportToString(model).ReplaceLineEndings("\n");
    }

    private static LogarithmicAxis Axis(AxisPosition position, string title) => new()
    {
        Position = position,
        Title = title,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = OxyColor.FromRgb(0xDD, 0xDD, 0xDD),
        AxisTickToLabelDistance = 8,
        MinimumPadding = 0.12,
        MaximumPadding = 0.12,
    };
}
