using System.Net.Sockets;
using Sim7600.Driver;
using Sim7600.Emulator;
using Sim7600.Links;
using Sim7600.Mqtt;

namespace Sim7600.Cli.Output;

/// <summary>Turns an exception into one line; no stack trace reaches a user.</summary>
internal static class Failure
{
    /// <summary>What to print. An exception that no user can cause says so, with its type.</summary>
    public static string Explain(Exception error) => error switch
    {
        SerialLinkException or EmulatorException or AtException or MqttException or ArgumentException or NotSupportedException or IOException or SocketException
            or UnauthorizedAccessException or TimeoutException => OneLine.Of(error.Message),
        _ => OneLine.Of($"Unexpected {error.GetType().Name}: {error.Message} This is a mistake in the tool; please report it."),
    };
}
