using System.CommandLine;
using System.Text.Json.Nodes;
using Sim7600.Cli.Output;
using Sim7600.Links;

namespace Sim7600.Cli.Host;

/// <summary><c>sim7600 ports</c>: the AT ports of the modems that are plugged in.</summary>
internal static class PortsCommand
{
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object a line on stdout" };

    public static Command Create()
    {
        var command = new Command("ports", "List the AT ports of SIM7600 modems on USB.") { Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        IReadOnlyList<Sim7600Port> ports = Sim7600Ports.Find();
        foreach (Sim7600Port port in ports)
        {
            if (parsed.GetValue(Json))
            {
                JsonLines.Write(new JsonObject { ["event"] = "port", ["port"] = port.DevicePath, ["usb"] = port.UsbPath, ["serial"] = port.SerialNumber });
            }
            else
            {
                Console.WriteLine($"{port.DevicePath}  USB {port.UsbPath}{(port.SerialNumber is null ? "" : $"  serial {port.SerialNumber}")}");
            }
        }

        if (ports.Count == 0 && !parsed.GetValue(Json))
        {
            Console.WriteLine("No SIM7600 is plugged in (USB 1e0e:9001). 'sim7600 emulate' makes a virtual one.");
        }

        return ExitCode.Done;
    }
}
