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
            or UnauthorizedAccessException or TimeoutException or CommandFailedException => Sentence(error),
        _ => OneLine.Of($"Unexpected {error.GetType().Name}: {error.Message} This is a mistake in the tool; please report it."),
    };

    /// <summary>The message without what .NET adds for programmers.</summary>
    public static string Sentence(Exception error)
    {
        string text = error.Message;
        if (error is ArgumentException { ParamName: { } name })
        {
            int tail = text.IndexOf($" (Parameter '{name}')", StringComparison.Ordinal);
            text = tail < 0 ? text : text[..tail];
        }

        string line = OneLine.Of(text).TrimEnd('.');
        return line.EndsWith('?') ? line : $"{line}.";
    }

    /// <summary>Why a file cannot be read, as part of a sentence.</summary>
    public static string ReasonOf(Exception error, string path) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "it does not exist",
        UnauthorizedAccessException => Directory.Exists(path) ? "it is a folder" : "you may not read it",
        _ => OneLine.Of(error.Message).TrimEnd('.'),
    };
}
