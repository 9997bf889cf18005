using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MQTTnet.Protocol;
using Sim7600.Cli.Emulate;
using Sim7600.Cli.Output;
using Sim7600.Driver;
using Sim7600.Mqtt;

namespace Sim7600.Cli.Host;

/// <summary><c>sim7600 pub</c>: publishes a text, a file, or each line of stdin through a modem's own MQTT client.</summary>
internal static class PubCommand
{
    private static readonly HostOptions Shared = new();
    private static readonly Option<string> Topic = new("-t", "--topic") { Description = "the topic", HelpName = "TOPIC", Required = true };
    private static readonly Option<string?> Message = new("-m", "--message") { Description = "the payload as text", HelpName = "TEXT" };
    private static readonly Option<string?> File = new("-f", "--file") { Description = "the payload is this file's bytes", HelpName = "FILE" };
    private static readonly Option<bool> Lines = new("-l", "--stdin-line") { Description = "each line of stdin is a message" };
    private static readonly Option<bool> Empty = new("-n", "--null-message") { Description = "an empty payload" };
    private static readonly Option<bool> Retain = new("-r", "--retain") { Description = "retain the message" };
    private static readonly Option<string?> Outbox = new("--outbox") { HelpName = "FILE", Hidden = true };

    public static Command Create()
    {
        var command = new Command("pub", "Publish through a modem.");
        Shared.AddModemTo(command);
        Shared.AddBrokerTo(command);
        foreach (Option option in new Option[] { Topic, Message, File, Lines, Empty, Retain, Outbox })
        {
            command.Options.Add(option);
        }

        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        EmulateSettings.RefuseUnavailable("--outbox", parsed.GetValue(Outbox));
        bool lines = parsed.GetValue(Lines);
        int sources = new[] { parsed.GetValue(Message) is not null, parsed.GetValue(File) is not null, lines, parsed.GetValue(Empty) }.Count(given => given);
        if (sources != 1)
        {
            throw new UsageException("pub takes exactly one of -m TEXT, -f FILE, -l (lines of stdin) and -n (empty).");
        }

        MqttQualityOfServiceLevel qos = Shared.QosOf(parsed);
        MqttConnectOptions options = Shared.Connection(parsed);
        byte[]? single = lines ? null : await PayloadAsync(parsed, cancellationToken);
        await using Sim7600Modem modem = await Sim7600Modem.OpenAsync(parsed.GetValue(Shared.Modem)!, ct: cancellationToken);
        await using Sim7600MqttClient mqtt = await modem.ConnectMqttAsync(options, cancellationToken);
        var publication = new Publication(mqtt, parsed.GetValue(Topic)!, qos, parsed.GetValue(Retain), parsed.GetValue(Shared.Json));
        if (single is not null)
        {
            return await publication.SendAsync(single, null, cancellationToken) ? ExitCode.Done : ExitCode.Failed;
        }

        using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        for (int number = 1; await input.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            if (!await publication.SendAsync(Encoding.UTF8.GetBytes(line), number, cancellationToken))
            {
                return ExitCode.Failed;
            }
        }

        return ExitCode.Done;
    }

    private static async Task<byte[]> PayloadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(File) is { } path)
        {
            try
            {
                return await System.IO.File.ReadAllBytesAsync(path, cancellationToken);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"The file {path} cannot be read: {error.Message}", error);
            }
        }

        return Encoding.UTF8.GetBytes(parsed.GetValue(Message) ?? "");
    }

    private sealed record Publication(Sim7600MqttClient Mqtt, string Topic, MqttQualityOfServiceLevel Qos, bool Retain, bool Json)
    {
        /// <summary>Publishes and tells the outcome.</summary>
        /// <returns>True when the message was delivered.</returns>
        public async Task<bool> SendAsync(byte[] payload, int? line, CancellationToken cancellationToken)
        {
            PublishOutcome outcome = await Mqtt.PublishAsync(Topic, payload, Qos, Retain, cancellationToken);
            if (Json)
            {
                var told = new JsonObject { ["event"] = outcome.Status.ToString().ToLowerInvariant() };
                if (line is not null)
                {
                    told["line"] = line;
                }

                told["topic"] = Topic;
                told["bytes"] = payload.Length;
                told["qos"] = (int)Qos;
                if (!outcome.IsDelivered)
                {
                    told["code"] = outcome.Result?.Number;
                    told["reason"] = outcome.Reason;
                }

                JsonLines.Write(told);
            }

            if (!outcome.IsDelivered)
            {
                string which = line is null ? "The message" : string.Create(CultureInfo.InvariantCulture, $"Line {line}");
                await Console.Error.WriteLineAsync($"sim7600: {which} was not delivered for certain. {OneLine.Of(outcome.ToString())}.");
            }

            return outcome.IsDelivered;
        }
    }
}
