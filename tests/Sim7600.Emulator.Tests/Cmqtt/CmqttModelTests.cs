using System.Collections.Concurrent;
using System.Text;
using CsCheck;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Tests.Cmqtt;

/// <summary>
/// Random orders of commands on both clients, allowed or not, against a model of a few fields that predicts every byte the
/// modem prints and everything the broker is asked for. A failure shows the shortest order found.
/// </summary>
public class CmqttModelTests
{
    private const string Ok = "\r\nOK\r\n";

    private static readonly Gen<Step> Steps = Gen.Select(
        Weighted(
            (3, Act.Start), (3, Act.Stop), (5, Act.Acquire), (2, Act.Release), (7, Act.Connect), (1, Act.Disconnect), (1, Act.ReadDisconnected),
            (4, Act.Topic), (4, Act.Payload), (6, Act.Publish),
            (4, Act.SubscribeTopic), (4, Act.SubscribeCached), (2, Act.Subscribe),
            (3, Act.UnsubscribeTopic), (3, Act.UnsubscribeCached), (2, Act.Unsubscribe), (2, Act.Lose)),
        Gen.Int[0, 1],
        Gen.Int[0, 2],
        Weighted((5, 0), (1, 1), (1, 2), (1, 3), (1, 4), (1, 5)),
        Gen.Char['a', 'z'].Array[1, 6],
        (act, client, qos, trouble, text) => new Step(act, client, qos, trouble, new string(text)));

    /// <summary>An order begins with none, some or all of these: chance alone seldom comes to two connections.</summary>
    private static readonly Step[] Opening =
    [
        new(Act.Start, 0, 0, 0, ""), new(Act.Acquire, 0, 0, 0, "a"), new(Act.Connect, 0, 0, 0, "a"), new(Act.Acquire, 1, 0, 0, "b"), new(Act.Connect, 1, 0, 0, "b"),
    ];

    private static readonly Gen<Step[]> Orders = Gen.Select(
        Weighted((1, 0), (1, 1), (1, 2), (1, 3), (4, 5)), Steps.List[1, 35], (opening, steps) => (Step[])[.. Opening[..opening], .. steps]);

    /// <summary>Chooses by weight.</summary>
    private static Gen<T> Weighted<T>(params (int Weight, T Value)[] choices)
    {
        T[] values = [.. choices.SelectMany(choice => Enumerable.Repeat(choice.Value, choice.Weight))];
        return Gen.Int[0, values.Length - 1].Select(at => values[at]);
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Any_order_of_commands_is_answered_as_the_model_says()
    {
        var seen = new ConcurrentDictionary<string, bool>();
        await Orders.SampleAsync(
            async steps =>
            {
                await using var bench = new ModemBench();
                var model = new Model();
                foreach (Step step in steps)
                {
                    foreach (string answer in await PlayAsync(bench, model, step))
                    {
                        seen.TryAdd(answer, true);
                    }
                }

                Assert.That(bench.Broker.Log.Where(line => line != "closed"), Is.EqualTo(model.AskedOfBroker), "what reached the broker");
                Assert.That(bench.Broker.Sessions.SelectMany(session => session.Published).Select(Show), Is.EquivalentTo(model.Published), "what was published");
            },
            iter: 200,
            print: steps => "\n" + string.Join('\n', steps));

        // The orders are worth something only if they get this far; half of them begin with two connections.
        string[] reached =
            ["+CMQTTSTART: 0", "+CMQTTSTART: 23", "+CMQTTSTOP: 21", "+CMQTTCONNECT: 0,0", "+CMQTTCONNECT: 0,13", "+CMQTTCONNECT: 1,0", "+CMQTTCONNECT: 1,13"];
        string[] missed = [.. reached.Where(line => !seen.Keys.Any(answer => answer.Contains($"{line}\r\n", StringComparison.Ordinal)))];
        Assert.That(missed, Is.Empty, "answers that no order came to");
    }

    /// <summary>Plays a step and compares each answer with the model's.</summary>
    private static async Task<IReadOnlyList<string>> PlayAsync(ModemBench bench, Model model, Step step)
    {
        if (step.Act == Act.Lose)
        {
            string lost = model.Lose(step.Client, step.Cause);
            if (model.Sessions[step.Client] is { } number)
            {
                // A session that is over already may still tell its end; nobody hears it.
                bench.Broker.Sessions.ElementAt(number).Events.ConnectionLost(step.Cause);
            }

            await bench.ExpectAsync(lost);
            Assert.That(await bench.PrintedAsync(), Is.Empty, $"behind {step}");
            return [lost];
        }

        bench.Broker.Answer = operation => operation == "disconnect" ? CmqttResultCode.Success : (CmqttResultCode)step.BrokerSays;
        (string command, string answer, string? data, string end) = model.Say(step);
        await bench.SayAsync($"{command}\r", answer);
        Assert.That(await bench.PrintedAsync(), Is.Empty, $"behind {command}");
        if (data is not null)
        {
            await bench.SayAsync(data, end);
            Assert.That(await bench.PrintedAsync(), Is.Empty, $"behind the data of {command}");
        }

        return [answer, end];
    }

    private static string Show(Broker.OutgoingMessage message) =>
        $"{message.Topic}={Encoding.Latin1.GetString(message.Payload)} qos {message.Qos} retain {message.Retain}";

    /// <summary>What may happen.</summary>
    private enum Act
    {
        Start,
        Stop,
        Acquire,
        Release,
        Connect,
        Disconnect,
        ReadDisconnected,
        Topic,
        Payload,
        Publish,
        SubscribeTopic,
        SubscribeCached,
        Subscribe,
        UnsubscribeTopic,
        UnsubscribeCached,
        Unsubscribe,
        Lose,
    }

    /// <summary>One thing that happens; which fields matter depends on the act.</summary>
    private sealed record Step(Act Act, int Client, int Qos, int Trouble, string Text)
    {
        /// <summary>The code the broker side gives: a CONNACK refusal 1 to 5, or 16 (send failed) for other operations.</summary>
        public int BrokerSays => Trouble == 0 ? 0 : Act == Act.Connect ? 26 + Trouble : Trouble == 1 ? 16 : 0;

        public int Cause => 1 + (Trouble % 2);

        public override string ToString() => $"{Act} client {Client}, qos {Qos}, broker {BrokerSays}, \"{Text}\"";
    }

    /// <summary>The modem as a host has to imagine it.</summary>
    private sealed class Model
    {
        private readonly bool[] _acquired = new bool[2];
        private readonly bool[] _connected = new bool[2];
        private readonly string?[] _topic = new string?[2];
        private readonly string?[] _payload = new string?[2];
        private readonly string[] _subscribe = ["", ""];
        private readonly string[] _unsubscribe = ["", ""];
        private bool _started;
        private int _sessions;

        public List<string> AskedOfBroker { get; } = [];

        public List<string> Published { get; } = [];

        /// <summary>The newest session of each client, counted over both.</summary>
        public int?[] Sessions { get; } = new int?[2];

        public string Lose(int client, int cause)
        {
            if (!_connected[client])
            {
                return "";
            }

            Close(client);
            return $"\r\n+CMQTTCONNLOST: {client},{cause}\r\n";
        }

        public (string Command, string Answer, string? Data, string End) Say(Step step)
        {
            int i = step.Client;
            string text = step.Text;
            int length = text.Length;
            return step.Act switch
            {
                Act.Start => Line("START", "", Start()),
                Act.Stop => Line("STOP", "", Stop()),
                Act.Acquire => Line("ACCQ", $"={i},\"{text}\"", Acquire(i)),
                Act.Release => Line("REL", $"={i}", Release(i)),
                Act.Connect => Line("CONNECT", $"={i},\"tcp://{text}.example:1883\",60,1", Connect(i, step.BrokerSays)),
                Act.Disconnect => Line("DISC", $"={i},120", Disconnect(i)),
                Act.ReadDisconnected => Line("DISC", "?", _started
                    ? $"\r\n+CMQTTDISC: 0,{(_connected[0] ? 0 : 1)}\r\n+CMQTTDISC: 1,{(_connected[1] ? 0 : 1)}\r\n{Ok}"
                    : "\r\nERROR\r\n"),
                Act.Topic => Data("TOPIC", $"={i},{length}", step, () => Keep(_topic[i] = text)),
                Act.Payload => Data("PAYLOAD", $"={i},{length}", step, () => Keep(_payload[i] = text)),
                Act.Publish => Line("PUB", $"={i},{step.Qos},60,{step.Qos % 2}", Publish(step)),
                Act.SubscribeTopic => Data("SUBTOPIC", $"={i},{length},{step.Qos}", step, () => Keep(_subscribe[i] += $" {text}:{step.Qos}")),
                Act.SubscribeCached => Line("SUB", $"={i}", Cached("SUB", "subscribe", _subscribe, step)),
                Act.Subscribe => Data("SUB", $"={i},{length},{step.Qos}", step, () => Ask("SUB", $"subscribe {text}:{step.Qos}", step)),
                Act.UnsubscribeTopic => Data("UNSUBTOPIC", $"={i},{length}", step, () => Keep(_unsubscribe[i] += $" {text}")),
                Act.UnsubscribeCached => Line("UNSUB", $"={i},0", Cached("UNSUB", "unsubscribe", _unsubscribe, step)),
                Act.Unsubscribe => Data("UNSUB", $"={i},{length},0", step, () => Ask("UNSUB", $"unsubscribe {text}", step)),
                _ => throw new ArgumentOutOfRangeException(nameof(step)),
            };
        }

        private static (string Command, string Answer, string? Data, string End) Line(string name, string rest, string answer) =>
            ($"AT+CMQTT{name}{rest}", answer, null, "");

        /// <summary>A command with a prompt: it needs a connection.</summary>
        private (string Command, string Answer, string? Data, string End) Data(string name, string rest, Step step, Func<string> take) =>
            _connected[step.Client] ? ($"AT+CMQTT{name}{rest}", "\r\n>", step.Text, take()) : Line(name, rest, Error(name, step.Client, 11));

        private static string Error(string name, int client, int code) => $"\r\n+CMQTT{name}: {client},{code}\r\n\r\nERROR\r\n";

        private static string Keep(string _) => Ok;

        private string Start()
        {
            if (_started)
            {
                return "\r\n+CMQTTSTART: 23\r\n\r\nERROR\r\n";
            }

            _started = true;
            return "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n";
        }

        private string Stop()
        {
            if (!_started || _acquired[0] || _acquired[1])
            {
                return $"\r\n+CMQTTSTOP: {(_started ? 21 : 9)}\r\n\r\nERROR\r\n";
            }

            _started = false;
            return "\r\n+CMQTTSTOP: 0\r\n\r\nOK\r\n";
        }

        private string Acquire(int client)
        {
            if (!_started || _acquired[client])
            {
                return Error("ACCQ", client, _started ? 19 : 9);
            }

            _acquired[client] = true;
            return Ok;
        }

        private string Release(int client)
        {
            if (!_started || _connected[client])
            {
                return Error("REL", client, _started ? 14 : 20);
            }

            _acquired[client] = false;
            return Ok;
        }

        private string Connect(int client, int code)
        {
            if (!_acquired[client] || _connected[client])
            {
                return Error("CONNECT", client, _connected[client] ? 13 : 20);
            }

            Sessions[client] = _sessions++;
            AskedOfBroker.Add("connect");
            _connected[client] = code == 0;
            return $"{Ok}\r\n+CMQTTCONNECT: {client},{code}\r\n";
        }

        private string Disconnect(int client)
        {
            if (!_connected[client])
            {
                return Error("DISC", client, 11);
            }

            AskedOfBroker.Add("disconnect");
            Close(client);
            return $"{Ok}\r\n+CMQTTDISC: {client},0\r\n";
        }

        private string Publish(Step step)
        {
            int client = step.Client;
            if (!_connected[client])
            {
                return Error("PUB", client, 11);
            }

            (string? topic, string? payload) = (_topic[client], _payload[client]);
            (_topic[client], _payload[client]) = (null, null);
            if (topic is null)
            {
                return Error("PUB", client, 18);
            }

            Published.Add($"{topic}={payload} qos {step.Qos} retain {step.Qos == 1}");
            return Ask("PUB", "publish", step);
        }

        private string Cached(string name, string operation, string[] topics, Step step)
        {
            string cached = topics[step.Client];
            if (!_connected[step.Client] || cached.Length == 0)
            {
                return Error(name, step.Client, _connected[step.Client] ? 12 : 11);
            }

            topics[step.Client] = "";
            return Ask(name, operation + cached, step);
        }

        private string Ask(string name, string operation, Step step)
        {
            AskedOfBroker.Add(operation);
            return $"{Ok}\r\n+CMQTT{name}: {step.Client},{step.BrokerSays}\r\n";
        }

        /// <summary>With the connection goes all that was set for it.</summary>
        private void Close(int client)
        {
            _connected[client] = false;
            (_topic[client], _payload[client]) = (null, null);
            (_subscribe[client], _unsubscribe[client]) = ("", "");
        }
    }
}
