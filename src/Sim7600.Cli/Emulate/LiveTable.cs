using System.Globalization;
using Sim7600.Cli.Output;
using Sim7600.Emulator;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sim7600.Cli.Emulate;

/// <summary>The modems as a table that follows what they do, with the last log lines under it; for a terminal only.</summary>
internal static class LiveTable
{
    /// <summary>Below this width the counters of bytes make room for the rest.</summary>
    private const int WideTerminal = 110;

    /// <summary>Borders, head and title of the table.</summary>
    private const int Frame = 5;
    private const int MinimumHeight = Frame + 2;
    private const int MinimumLogLines = 2;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>Shows the table until it is told to end.</summary>
    /// <param name="emulator">What to show.</param>
    /// <param name="log">The last log lines.</param>
    /// <param name="broker">Where the broker is, for the title.</param>
    /// <param name="linesAbove">Lines on the terminal that should stay visible.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task ShowAsync(Sim7600Emulator emulator, RecentLog log, string broker, int linesAbove, CancellationToken cancellationToken) =>
        await AnsiConsole.Live(new Text("")).StartAsync(async display =>
        {
            using var timer = new PeriodicTimer(Period);
            try
            {
                do
                {
                    // The size is asked for each time: terminals are resized.
                    int height = Math.Max(MinimumHeight, AnsiConsole.Profile.Height - linesAbove - 1);
                    ModemStatus[] modems = await Task.WhenAll(emulator.Modems.Select(modem => modem.GetStatusAsync()));
                    display.UpdateTarget(Draw(modems, emulator.PortNames, broker, log.Lines, AnsiConsole.Profile.Width, height));
                }
                while (await timer.WaitForNextTickAsync(cancellationToken));
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C
            }
        });

    /// <summary>The table and the log in a given space.</summary>
    internal static IRenderable Draw(
        IReadOnlyList<ModemStatus> modems, IReadOnlyList<string> ports, string broker, IReadOnlyList<string> log, int width, int height)
    {
        bool wide = width >= WideTerminal;
        string[] columns = ["#", "Port", "Network", "MQTT 0", "MQTT 1", .. wide ? ["From host", "To host"] : Array.Empty<string>(), "Last command"];
        Table table = new Table().Border(TableBorder.Rounded).AddColumns([.. columns.Select(name => new TableColumn(name).NoWrap())]);
        table.Title = new TableTitle(Markup.Escape(OneLine.Cut($"Broker {broker}", width)));
        int logLines = Math.Min(log.Count, MinimumLogLines);
        int room = Math.Max(1, height - Frame - logLines);
        int rows = modems.Count <= room ? modems.Count : Math.Max(1, room - 1);
        for (int i = 0; i < rows; i++)
        {
            table.AddRow([.. Cells(modems[i], i < ports.Count ? ports[i] : "socket", wide).Select(cell => new Markup(cell))]);
        }

        logLines = Math.Max(0, Math.Min(log.Count, height - Frame - rows - (rows < modems.Count ? 1 : 0)));
        var parts = new List<IRenderable> { table };
        if (rows < modems.Count)
        {
            parts.Add(new Text(string.Create(CultureInfo.InvariantCulture, $"… and {modems.Count - rows} more")));
        }

        parts.AddRange(log.Skip(log.Count - logLines).Select(line => new Text(OneLine.Cut(line, width), new Style(Color.Grey))));
        return new Rows(parts);
    }

    private static IEnumerable<string> Cells(ModemStatus status, string port, bool wide)
    {
        int length = wide ? 22 : 10;
        yield return status.Number.ToString(CultureInfo.InvariantCulture);
        yield return Markup.Escape(OneLine.CutStart(port, wide ? 24 : 14));
        yield return status.IsOn ? Network(status.Registration) : "[grey]off[/]";
        yield return Mqtt(status.MqttClients[0], length);
        yield return Mqtt(status.MqttClients[1], length);
        if (wide)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{status.BytesReceived:N0}");
            yield return string.Create(CultureInfo.InvariantCulture, $"{status.BytesPrinted:N0}");
        }

        yield return Markup.Escape(OneLine.Cut(status.LastCommand, wide ? 20 : 12));
    }

    private static string Network(int registration) => registration switch
    {
        1 => "[green]home[/]",
        5 => "[green]roaming[/]",
        3 => "[red]denied[/]",
        2 => "[yellow]searching[/]",
        _ => "[grey]none[/]",
    };

    private static string Mqtt(string client, int length)
    {
        string shown = Markup.Escape(OneLine.CutStart(OneLine.Of(client), length));
        return client.EndsWith(" connected", StringComparison.Ordinal) ? $"[green]{shown}[/]" : shown;
    }
}
