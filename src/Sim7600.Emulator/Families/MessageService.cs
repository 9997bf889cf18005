using System.Globalization;
using Microsoft.Extensions.Logging;
using Sim7600.Emulator.Modem;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Families;

/// <summary>The modem's short messages: where they are kept, what is told of new ones, what is sent. On the modem's loop.</summary>
internal sealed partial class MessageService(VirtualModem modem)
{
    /// <summary>Real SIM7600 units: 50 messages on the card, 23 in the module.</summary>
    private readonly Queue<ShortMessage> _waiting = new();

    /// <summary><c>SM</c>.</summary>
    public MessageStore Card { get; } = new(50);

    /// <summary><c>ME</c>.</summary>
    public MessageStore Module { get; } = new(23);

    /// <summary><c>SR</c>.</summary>
    public MessageStore Reports { get; } = new(30);

    /// <summary>Number of the service centre, kept on the card.</summary>
    public string ServiceCentre { get; set; } = "+10000000000";

    /// <summary>The reference of the next message; it counts over the life of the unit and wraps after 255.</summary>
    public int NextReference { get; set; } = 1;

    /// <summary>The CMS error with which the network refuses to take messages, or null while it takes them.</summary>
    public int? Refusal { get; set; }

    /// <summary>What becomes of the next messages, in order: a CMS error, or null where the network takes one. After the last, <see cref="Refusal"/> counts.</summary>
    public Queue<int?> Outcomes { get; } = new();

    /// <summary>Raised for each message that left, on the modem's loop.</summary>
    public event Action<SentMessage>? Sent;

    private MessageSettings Settings => modem.Settings.Messages;

    /// <summary>The stores behind a name of AT+CPMS, with what is added to their indexes; <c>MT</c> is card and module together.</summary>
    public IReadOnlyList<(MessageStore Store, int Offset)> StoresOf(string memory) => memory switch
    {
        "ME" => [(Module, 0)],
        "MT" => [(Card, 0), (Module, Card.Capacity)],
        "SR" => [(Reports, 0)],
        _ => [(Card, 0)],
    };

    /// <summary>All messages behind a name, by index.</summary>
    public IEnumerable<(int Index, ShortMessage Message)> List(string memory) =>
        StoresOf(memory).SelectMany(each => each.Store.Messages.Select(pair => (pair.Key + each.Offset, pair.Value)));

    /// <summary>The store that holds an index, or null when there is no such index.</summary>
    public (MessageStore Store, int Index)? Find(string memory, int index)
    {
        foreach ((MessageStore store, int offset) in StoresOf(memory))
        {
            if (index >= offset && index - offset < store.Capacity)
            {
                return (store, index - offset);
            }
        }

        return null;
    }

    /// <summary>A message comes from the network, or waits there until the modem can take it.</summary>
    public void Deliver(ShortMessage message)
    {
        _waiting.Enqueue(message);
        DeliverWaiting();
    }

    /// <summary>Takes what waits in the network, as long as there is service and room.</summary>
    public void DeliverWaiting()
    {
        while (_waiting.TryPeek(out ShortMessage? message) && modem.IsOn && modem.IsRegistered && Take(message))
        {
            _waiting.Dequeue();
        }
    }

    /// <summary>Sends a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="reference">Its reference, when it was sent.</param>
    /// <returns>The CMS error, or null when it was sent.</returns>
    public int? Send(ShortMessage message, out int reference)
    {
        reference = 0;
        if (!modem.IsRegistered)
        {
            return CmsError.NoNetworkService;
        }

        if ((Outcomes.TryDequeue(out int? outcome) ? outcome : Refusal) is { } error)
        {
            return error;
        }

        reference = NextReference;
        NextReference = (NextReference + 1) % 256;
        LogSent(modem.Log, modem.Number, message.Address, message.Text.Length, reference);
        Sent?.Invoke(new SentMessage(message.Address, message.Text, reference));
        return null;
    }

    private bool Take(ShortMessage message)
    {
        int kind = Settings.Indications[1];
        if (kind == 2)
        {
            modem.WriteUrc(MessageForm.Direct(message, modem));
            return true;
        }

        string memory = Settings.Memories[2];
        foreach ((MessageStore store, int offset) in StoresOf(memory))
        {
            if (store.Add(message) is { } index)
            {
                if (kind == 1 && Settings.Indications[0] != 0)
                {
                    modem.WriteUrc(string.Create(CultureInfo.InvariantCulture, $"+CMTI: \"{memory}\",{index + offset}"));
                }

                return true;
            }
        }

        return false;
    }

    [LoggerMessage(EventId = 2105, Level = LogLevel.Information, Message = "Modem {Number}: short message to {To}, {Length} characters, reference {Reference}")]
    private static partial void LogSent(ILogger log, int number, string to, int length, int reference);
}
