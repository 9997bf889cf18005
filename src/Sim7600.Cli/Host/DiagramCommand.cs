using System.CommandLine;
using Sim7600.Driver.Lifecycle;
using Sim7600.Mqtt.Session;

namespace Sim7600.Cli.Host;

/// <summary><c>sim7600 diagram</c>: the driver's state machines, as they run, in Mermaid.</summary>
internal static class DiagramCommand
{
    public static Command Create()
    {
        var command = new Command("diagram", "Print the driver's state machines as Mermaid diagrams in Markdown.");
        command.SetAction(_ =>
        {
            Console.Write(ToMarkdown());
            return ExitCode.Done;
        });
        return command;
    }

    internal static string ToMarkdown() => $"""
        # State machines of the driver

        Printed by `sim7600 diagram` from the machines that run. Each names what is to be done in a state, and its owner's loop does it and
        fires what comes of it; both log every step (event ids 1101 and 2008).

        ## A supervised modem

        `ModemLifecycle`, owned by `ModemSupervisor`.

        ```mermaid
        {Tidy(ModemLifecycle.ToMermaid())}
        ```

        ## A session with a broker

        `MqttSession`, owned by `Sim7600MqttClient`; each connection has one of its own.

        ```mermaid
        {Tidy(MqttSession.ToMermaid())}
        ```

        """.ReplaceLineEndings("\n");

    private static string Tidy(string diagram) => string.Join('\n', diagram.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim();
}
