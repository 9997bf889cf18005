using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using System.Text.Json.Nodes;
using Sim7600.Cli.Output;

namespace Sim7600.Cli.LinkComparison;

/// <summary><c>sim7600 links</c>: what a sensor node's readings take over the modem's radios and over others.</summary>
internal static class LinksCommand
{
    private const int LargestPayload = 65_000;
    private static readonly Option<int> Payload = Number("--payload", "BYTES", $"bytes of a reading, 1 to {LargestPayload} (128 is the JSON of samples/Stm32SensorNode)", LinksReport.Readable.Payload, 1, LargestPayload);
    private static readonly Option<int> Period = Number("--period", "SECONDS", "time between two readings, 1 to 86400", (int)LinksReport.Readable.Period.TotalSeconds, 1, 86400);
    private static readonly Option<int?> KeepAlive = Number<int?>("--keep-alive", "SECONDS", "MQTT keep-alive, 0 (none) to 65535 (default: the period, at least 60: shorter ones ping between the readings)", null, 0, 65535);
    private static readonly Option<int> Readings = Number("--readings", "N", "readings drawn for each link, 1 to 100000", LinksReport.Readable.Readings, 1, 100_000);
    private static readonly Option<int> Seed = Number("--seed", "N", "where the chance of losses comes from", LinksReport.Readable.Seed, 0, int.MaxValue);
    private static readonly Option<double?> Loss = Real("--loss", "PERCENT", "lost frames or packets, 0 to 50, for every link (default: each link's own)", 0, 50);
    private static readonly Option<double?> Battery = Real("--battery", "WH", "what the radio may use up, 0.001 to 100000 Wh (default 10)", 0.001, 100_000);
    private static readonly Option<string[]> Link = new("--link") { HelpName = "NAME", Description = "only this link; may be repeated", AllowMultipleArgumentsPerToken = false };
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object a line on stdout" };
    private static readonly Option<bool> Markdown = new("--markdown") { Description = "print docs/links.md" };
    private static readonly Option<string?> Plot = new("--plot") { HelpName = "FILE", Description = "write a plot of delivery time and power as SVG" };

    public static Command Create()
    {
        var command = new Command("links", "Compare links for a sensor node: LTE, 3G and 2G over the modem, Wi-Fi, Ethernet, LoRaWAN, Zigbee. Delivery time, bytes on air, energy, and what fits.")
        {
            Payload, Period, KeepAlive, Readings, Seed, Loss, Battery, Link, Json, Markdown, Plot,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        bool markdown = parsed.GetValue(Markdown);
        string? plot = parsed.GetValue(Plot);
        if (plot is "" or "-")
        {
            throw new UsageException("--plot takes the name of a file: stdout has the figures.");
        }

        if (markdown && parsed.CommandResult.Children.Count(child => child is OptionResult { Implicit: false }) > (plot is null ? 1 : 2))
        {
            throw new UsageException("--markdown prints docs/links.md, which has workloads of its own: only --plot goes with it.");
        }

        var workload = new LinkWorkload(
            parsed.GetValue(Payload),
            LinksReport.Readable.Topic,
            TimeSpan.FromSeconds(parsed.GetValue(Period)),
            TimeSpan.FromSeconds(parsed.GetValue(KeepAlive) is { } keepAlive ? keepAlive : Math.Clamp(parsed.GetValue(Period), 60, 65535)),
            parsed.GetValue(Readings),
            parsed.GetValue(Seed),
            parsed.GetValue(Loss) / 100,
            parsed.GetValue(Battery) ?? LinksReport.Readable.BatteryWattHours);
        IReadOnlyList<LinkProfile> links = Chosen(parsed.GetValue(Link) ?? [], LinkProfiles.All(await ModemLine.MeasureAsync(ct)));
        if (markdown)
        {
            if (plot is not null)
            {
                await WriteAsync(plot, LinksReport.ToSvg(links), ct);
            }

            Console.Write(LinksReport.ToMarkdown(links));
            return ExitCode.Done;
        }

        LinkResult[] results = [.. links.Select(link => link.Try(workload))];
        if (plot is not null)
        {
            await WriteAsync(plot, LinksPlot.ToSvg(("", results)), ct);
        }

        if (parsed.GetValue(Json))
        {
            foreach (LinkResult result in results)
            {
                JsonLines.Write(ToJson(result, workload));
            }

            return ExitCode.Done;
        }

        Console.Write(LinksReport.ToText(results, workload));
        return ExitCode.Done;
    }

    private static IReadOnlyList<LinkProfile> Chosen(string[] names, IReadOnlyList<LinkProfile> all)
    {
        foreach (string name in names)
        {
            if (all.All(link => link.Name != name))
            {
                throw new UsageException($"There is no link '{name}'. There are {string.Join(", ", all.Select(link => link.Name))}.");
            }
        }

        return names.Length == 0 ? all : [.. all.Where(link => names.Contains(link.Name))];
    }

    private static async Task WriteAsync(string file, string text, CancellationToken ct)
    {
        try
        {
            await File.WriteAllTextAsync(file, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), ct);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The plot could not be written: {error.Message} Give --plot a file in a folder that exists and may be written to.");
        }
    }

    private static JsonObject ToJson(LinkResult result, LinkWorkload workload) => new()
    {
        ["event"] = "link",
        ["name"] = result.Link.Name,
        ["title"] = result.Link.Title,
        ["fits"] = result.Misfit is null,
        ["misfit"] = result.Misfit,
        ["frames"] = result.Frames,
        ["bytesOnAir"] = Math.Round(result.BytesOnAir, 1),
        ["deliveryMedianMs"] = Milliseconds(result, result.DeliveryMedian),
        ["delivery95Ms"] = Milliseconds(result, result.Delivery95),
        ["confirmedMedianMs"] = Milliseconds(result, result.ConfirmedMedian),
        ["delivered"] = result.Delivered,
        ["joulesPerReading"] = result.JoulesPerReading,
        ["meanWatts"] = result.MeanWatts,
        ["joulesPerDay"] = result.JoulesPerDay,
        ["batteryDays"] = Math.Round(result.DaysOn(workload.BatteryWattHours), 2),
        ["mostPerDay"] = Math.Floor(result.MostPerDay),
        ["range"] = result.Link.Range,
        ["cost"] = result.Link.Cost,
        ["figures"] = new JsonArray([.. result.Link.Figures.Select(figure => (JsonNode)new JsonObject
        {
            ["name"] = figure.Name,
            ["value"] = figure.Value,
            ["source"] = figure.Source,
        })]),
    };

    private static double? Milliseconds(LinkResult result, TimeSpan time) => result.Delivered == 0 ? null : Math.Round(time.TotalMilliseconds, 2);

    private static Option<T> Number<T>(string name, string help, string description, T standard, int least, int most)
    {
        var option = new Option<T>(name) { HelpName = help, Description = description };
        if (standard is not null)
        {
            option.DefaultValueFactory = _ => standard;
        }

        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out int value) || value < least || value > most))
            {
                result.AddError($"{name} is a whole number from {least} to {most}; '{result.Tokens[0].Value}' is not.");
            }
        });
        return option;
    }

    private static Option<double?> Real(string name, string help, string description, double least, double most)
    {
        var option = new Option<double?>(name)
        {
            HelpName = help,
            Description = description,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double value) && value >= least && value <= most)
                {
                    return value;
                }

                result.AddError(FormattableString.Invariant($"{name} is a number from {least} to {most}; '{text}' is not."));
                return null;
            },
        };
        return option;
    }
}
