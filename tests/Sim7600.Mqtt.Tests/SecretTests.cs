using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Sim7600.Driver;
using Sim7600.Driver.Channel;
using Sim7600.Driver.Features;

namespace Sim7600.Mqtt.Tests;

/// <summary>Password, PIN, client key and key password, through a whole session and through every failure of it: nobody prints them.</summary>
[CancelAfter(300_000)]
[NonParallelizable]
public sealed class SecretTests
{
    private const string Password = "pw-Hunter2!";
    private const string Pin = "73919155";
    private const string KeyBody = "U0VDUkVUU0VDUkVU";
    private const string KeyPassword = "kp-Swordfish";

    private static readonly string[] Secrets = [Password, "Hunter2", Pin, KeyBody, KeyPassword, "Swordfish"];

    private static readonly MqttTlsOptions Tls = new()
    {
        CaCertificate = Pem("CERTIFICATE", "Q0E="),
        ClientCertificate = Pem("CERTIFICATE", "Q0xJRU5U"),
        ClientKey = Pem("PRIVATE KEY", KeyBody),
        ClientKeyPassword = KeyPassword,
    };

    private static readonly MqttConnectOptions Options = Talk.Plain with { Broker = new("mqtts://b.example"), Tls = Tls, UserName = "user", Password = Password };

    [Test]
    public async Task A_session_without_a_failure_prints_no_secret([Values] bool echoes)
    {
        await using var watch = new Watch();
        await using CountingSession session = await CountingSession.Opened(echoes);
        await session.Runs(Whole(session), TimeSpan.FromSeconds(1));

        Assert.That(session.Peer.Lines, Has.Some.Contains(Password).And.Some.Contains(Pin).And.Some.Contains(KeyPassword), "the secrets were used");
        Assert.That(session.Peer.Data.Select(entry => entry.Bytes), Has.Some.Contains(KeyBody));
        Assert.That(session.Peer.Published, Has.Count.EqualTo(1));
        NothingIsSaid(session, watch, null);
    }

    [Test]
    public async Task No_failure_prints_a_secret(
        [Values("AT+CPIN=", "AT+CCERTDOWN=\"key", "AT+CSSLCFG=\"keypwd\"", "AT+CMQTTCONNECT=", "data")] string where,
        [Values("silence", "half an echo", "garbled echo", "doubled echo", "ERROR", "CME", "read back", "boot", "boot, then echo", "unplugged", "prompt", "noise")] string how)
    {
        await using var watch = new Watch();
        await using CountingSession session = await CountingSession.Opened(echoes: false);
        session.Peer.Instead = line => where != "data" && line.StartsWith(where, StringComparison.Ordinal) ? Failure(session, line, how) : null;
        bool failed = false;
        session.Peer.Saying = (point, text) =>
        {
            if (where != "data" || failed || point != "CCERTDOWN OK" || !session.Peer.Data[^1].Bytes.Contains(KeyBody, StringComparison.Ordinal))
            {
                return text;
            }

            failed = true;
            return Failure(session, session.Peer.Data[^1].Bytes, how);
        };

        Exception? error = null;
        try
        {
            await session.Runs(Whole(session), TimeSpan.FromSeconds(1));
        }
        catch (Exception exception) when (exception is not AssertionException)
        {
            error = exception;
        }

        NothingIsSaid(session, watch, error);
    }

    [Test]
    public void No_text_form_of_options_and_commands_holds_a_secret()
    {
        var context = new SslContextSettings { ClientKey = "key.pem", KeyPassword = KeyPassword };
        var command = new AtCommand($"AT+CPIN=\"{Pin}\"") { RedactedText = "AT+CPIN=****" };
        object[] all = [Options, Tls, context, command, new Sim7600ModemOptions(), new AtChannelOptions(), Options with { Password = null }];
        Assert.That(string.Join('\n', all.Select(one => $"{one} {one.ToString()}")), Does.Not.Contain("Hunter2").And.Not.Contain(Pin).And.Not.Contain("Swordfish").And.Not.Contain(KeyBody));
    }

    private static string Failure(CountingSession session, string line, string how)
    {
        if (how == "unplugged")
        {
            _ = Task.Run(session.Peer.UnplugAsync);
        }

        return how switch
        {
            "silence" or "unplugged" => "",
            "half an echo" => line[..(line.Length - 4)],
            "garbled echo" => "X" + line[1..] + "\r\r\n",
            "doubled echo" => line + "\r" + line + "\r",
            "ERROR" => line + "\r\r\nERROR\r\n",
            "CME" => line + "\r\r\n+CME ERROR: incorrect password\r\n",
            "read back" => "\r\n+" + line[3..].Replace('=', ':') + "\r\n",
            "boot" => "\r\nRDY\r\n",
            "boot, then echo" => "\r\nRDY\r\n" + line + "\r\n" + line[5..] + "\r\n",
            "prompt" => line + "\r\r\n>",
            _ => "\xF8\x80" + line[2..] + "\xFE\xFF\x00\r\n",
        };
    }

    private static async Task<bool> Whole(CountingSession session)
    {
        await session.Modem.Sim.EnterPinAsync(Pin);
        Sim7600MqttClient client = await session.Modem.ConnectMqttAsync(Options);
        await client.PublishAsync("t", "21.5"u8.ToArray());
        await client.DisconnectAsync();
        return true;
    }

    private static void NothingIsSaid(CountingSession session, Watch watch, Exception? error)
    {
        var said = new StringBuilder(session.Log.Text);
        for (Exception? one = error; one is not null; one = one.InnerException)
        {
            said.AppendLine(one.ToString());
            foreach (System.Reflection.PropertyInfo property in one.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0))
            {
                said.Append(property.Name).Append(' ').AppendLine(property.GetValue(one)?.ToString());
            }

            foreach (object? value in one.Data.Values)
            {
                said.AppendLine(value?.ToString());
            }
        }

        said.AppendLine(watch.Text).AppendLine(Options.ToString()).AppendLine(Tls.ToString());
        string all = said.ToString();
        foreach (string secret in Secrets)
        {
            Assert.That(all, Does.Not.Contain(secret));
            string hex = string.Join(' ', Encoding.ASCII.GetBytes(secret[..5]).Select(value => value.ToString("X2", null)));
            Assert.That(all, Does.Not.Contain(hex), "in hexadecimal");
        }
    }

    private static byte[] Pem(string label, string body) => Encoding.ASCII.GetBytes($"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");

    /// <summary>Everything that is traced, whatever source it is from.</summary>
    private sealed class Watch : IAsyncDisposable
    {
        private readonly ConcurrentQueue<string> _said = new();
        private readonly ActivityListener _listener;

        public Watch()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name.StartsWith("Sim7600", StringComparison.Ordinal),
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                {
                    _said.Enqueue($"{activity.DisplayName} {activity.StatusDescription}");
                    foreach (KeyValuePair<string, object?> tag in activity.TagObjects.Concat(activity.Events.SelectMany(one => one.Tags)))
                    {
                        _said.Enqueue($"{tag.Key} {tag.Value}");
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public string Text => string.Join('\n', _said);

        public ValueTask DisposeAsync()
        {
            _listener.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
