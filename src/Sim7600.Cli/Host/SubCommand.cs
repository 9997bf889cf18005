using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using MQTTnet.Protocol;
using Sim7600.Cli.Output;
using Sim7600.Driver;
using Sim7600.Mqtt;

namespace Sim7600.Cli.Host;

/// <summary><c>sim7600 sub</c>: prints the messages of topic filters that a modem's own MQTT client receives.</summary>
internal static class SubCommand
{
    private static readonly HostOptions Shared = new();

    private static readonly Option<string[]> Filters = new("-t", "--topic")
    {
        Description = "a topic filter; may be given again",
        HelpName = "FILTER",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int?> Count = new("-C") { Description = "end after so many messages", HelpName = "COUNT" };
    private static readonly Option<bool> Verbose = new("-v", "--verbose") { Description = "print the topic before the payload" };

    public static Command Create()
    {
        var command = new Command("sub", "Subscribe through a modem and print what arrives, until Ctrl-C, until -C messages have come, or until nobody reads stdout.");
        Shared.AddModemTo(command);
        Shared.AddBrokerTo(command);
        foreach (Option option in new Option[] { Filters, Count, Verbose })
        {
            command.Options.Add(option);
        }

        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        int? count = parsed.GetValue(Count);
        if (count < 1)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"-C takes 1 or more, not {count}."));
        }

        MqttQualityOfServiceLevel qos = Shared.QosOf(parsed);
        MqttConnectOptions options = Shared.Connection(parsed);
        string[] filters = parsed.GetValue(Filters)!;
        foreach (string filter in filters)
        {
            if (MqttTopic.FindFilterError(filter) is { } fault)
            {
                throw new UsageException($"-t: {fault}");
            }
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task watching = EndWithReaderAsync(ending);
        try
        {
            return await PrintMessagesAsync(parsed, options, filters, qos, count, ending.Token);
        }
        catch (OperationCanceledException) when (OutputReader.Gone.IsCompleted)
        {
            return ExitCode.Done; // whoever reads has what they wanted, as in "sub … | head -1"
        }
        finally
        {
            await ending.CancelAsync();
            await watching;
        }
    }

    private static async Task EndWithReaderAsync(CancellationTokenSource ending)
    {
        try
        {
            await OutputReader.Gone.WaitAsync(ending.Token);
            await ending.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // the command has ended first
        }
    }

    private static async Task<int> PrintMessagesAsync(
        ParseResult parsed, MqttConnectOptions options, string[] filters, MqttQualityOfServiceLevel qos, int? count, CancellationToken cancellationToken)
    {
        bool json = parsed.GetValue(Shared.Json);
        await using Sim7600Modem modem = await Shared.OpenRegisteredAsync(parsed, cancellationToken);
        await using Sim7600MqttClient mqtt = await modem.ConnectMqttAsync(options, cancellationToken);

        // Not disposed: the disconnect that follows ends it, and one question less can stay without an answer.
        MqttSubscription subscription = await mqtt.OpenSubscriptionAsync(filters, qos, cancellationToken);
        if (json)
        {
            JsonLines.Write(new JsonObject { ["event"] = "subscribed", ["filters"] = new JsonArray([.. filters.Select(filter => (JsonNode)filter)]) });
        }
        else
        {
            await Console.Error.WriteLineAsync($"Subscribed to {OneLine.Of(string.Join(", ", filters))}. Ctrl-C ends it.");
        }

        await using Stream output = Console.OpenStandardOutput();
        int received = 0;
        await foreach (MqttMessage message in subscription.ReadAllAsync(cancellationToken))
        {
            if (json)
            {
                JsonLines.Write(Describe(message));
            }
            else
            {
                await PrintAsync(output, message, parsed.GetValue(Verbose), cancellationToken);
            }

            if (++received == count)
            {
                break;
            }
        }

        return ExitCode.Done;
    }

    private static JsonObject Describe(MqttMessage message)
    {
        bool isText = Utf8.IsValid(message.Payload.Span);
        return new JsonObject
        {
            ["event"] = "message",
            ["topic"] = message.Topic,
            ["bytes"] = message.Payload.Length,
            ["payload"] = isText ? message.PayloadAsText() : null,
            ["payloadBase64"] = Convert.ToBase64String(message.Payload.Span),
        };
    }

    private static async Task PrintAsync(Stream output, MqttMessage message, bool verbose, CancellationToken cancellationToken)
    {
        byte[] head = verbose ? Encoding.UTF8.GetBytes($"{message.Topic} ") : [];
        await output.WriteAsync((byte[])[.. head, .. message.Payload.Span, (byte)'\n'], cancellationToken);
        await output.FlushAsync(cancellationToken);
    }
}
