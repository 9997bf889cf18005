using System.Globalization;
using Sim7600.Cli.Output;
using Sim7600.Emulator;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sim7600.Cli.Emulate;

/// <summary>The modems as a table that follows what they do, with the last log lines under it; for a terminal only.</summary>
internal static class LiveTable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    public static async Task ShowAsync(Sim7600Emulator emulator, RecentLog log, CancellationToken cancellationToken) =>
        await AnsiConsole.Live(new Text("")).StartAsync(async display =>
        {
            using var timer = new PeriodicTimer(Period);
            try
            {
                do
                {
                    display.UpdateTarget(await DrawAsync(emulator, log));
                }
                while (await timer.WaitForNextTickAsync(cancellationToken));
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C
            }
        });

    private static async Task<IRenderable> DrawAsync(Sim7600Emulator emulator, RecentLog log)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("Modem", "Port", "Network", "MQTT 0", "MQTT 1", "From host", "To host", "Last command");
        IReadOnlyList<VirtualModem> modems = emulator.Modems;
        for (int i = 0; i < modems.Count; i++)
        {
            ModemStatus status = await modems[i].GetStatusAsync();
            table.AddRow(
                status.Number.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(i < emulator.PortNames.Count ? emulator.PortNames[i] : "socket"),
                status.IsOn ? Network(status.Registration) : "[grey]off[/]",
                Mqtt(status.MqttClients[0]),
                Mqtt(status.MqttClients[1]),
                string.Create(CultureInfo.InvariantCulture, $"{status.BytesReceived:N0}"),
                string.Create(CultureInfo.InvariantCulture, $"{status.BytesPrinted:N0}"),
                Markup.Escape(status.LastCommand));
        }

        return new Rows([table, .. log.Lines.Select(line => new Text(line, new Style(Color.Grey)))]);
    }

    private static string Network(int registration) => registration switch
    {
        1 => "[green]home[/]",
        5 => "[green]roaming[/]",
        3 => "[red]denied[/]",
        2 => "[yellow]searching[/]",
        _ => "[grey]none[/]",
    };

    private static string Mqtt(string client) => client.EndsWith(" connected", StringComparison.Ordinal)
        ? $"[green]{Markup.Escape(client)}[/]"
        : Markup.Escape(client);
}
