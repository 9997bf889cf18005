namespace Sim7600.Mqtt;

/// <summary>
/// Which message is next. Only the first message of a topic can be taken or rest, so that none overtakes another one of its topic. Pure: no
/// clock, no lock, no storage.
/// </summary>
internal sealed class OutboxIndex
{
    private static readonly Comparer<OutboxEntry> ByAge = Comparer<OutboxEntry>.Create((one, other) => one.Id.CompareTo(other.Id));
    private readonly LinkedList<OutboxEntry> _all = new();
    private readonly Dictionary<long, OutboxEntry> _byId = [];
    private readonly Dictionary<string, LinkedList<OutboxEntry>> _topics = new(StringComparer.Ordinal);
    private readonly SortedSet<OutboxEntry> _ready = new(ByAge);
    private readonly SortedSet<OutboxEntry> _resting = By(entry => entry.RestsUntil!.Value);
    private readonly SortedSet<OutboxEntry> _expiring = By(entry => entry.ExpiresAt!.Value);

    public int Count => _byId.Count;

    public long Bytes { get; private set; }

    /// <summary>When something changes by itself: a rest or a time to live ends; null when nothing does.</summary>
    public DateTimeOffset? NextChange
    {
        get
        {
            DateTimeOffset? rest = _resting.Min?.RestsUntil;
            DateTimeOffset? expiry = _expiring.Min?.ExpiresAt;
            return rest < expiry ? rest : expiry ?? rest;
        }
    }

    public OutboxEntry? Find(long id) => _byId.GetValueOrDefault(id);

    /// <summary>Adds a message, which is younger than all others.</summary>
    public void Add(OutboxEntry entry)
    {
        _byId.Add(entry.Id, entry);
        Bytes += entry.Size;
        entry.InAll = _all.AddLast(entry);
        if (!_topics.TryGetValue(entry.Topic, out LinkedList<OutboxEntry>? topic))
        {
            _topics.Add(entry.Topic, topic = new());
        }

        entry.InTopic = topic.AddLast(entry);
        if (topic.Count == 1)
        {
            _ready.Add(entry);
        }

        if (entry.ExpiresAt is not null)
        {
            _expiring.Add(entry);
        }
    }

    /// <summary>Takes the oldest message that may be published now.</summary>
    /// <returns>The message, or null when there is none.</returns>
    public OutboxEntry? Take(DateTimeOffset now)
    {
        while (_resting.Min is { } rested && rested.RestsUntil <= now)
        {
            _resting.Remove(rested);
            rested.RestsUntil = null;
            _ready.Add(rested);
        }

        if (_ready.Min is not { } next)
        {
            return null;
        }

        _ready.Remove(next);
        next.IsTaken = true;
        if (next.ExpiresAt is not null)
        {
            _expiring.Remove(next);
        }

        return next;
    }

    /// <summary>Gives a taken message back.</summary>
    /// <param name="entry">The message.</param>
    /// <param name="restsUntil">Until when it must not be taken; null for at once.</param>
    public void GiveBack(OutboxEntry entry, DateTimeOffset? restsUntil)
    {
        entry.IsTaken = false;
        entry.RestsUntil = restsUntil;
        _ = restsUntil is null ? _ready.Add(entry) : _resting.Add(entry);
        if (entry.ExpiresAt is not null)
        {
            _expiring.Add(entry);
        }
    }

    /// <summary>Keeps a message that nobody has from being taken, while it is being removed elsewhere. It may be anywhere in its topic.</summary>
    public void Hold(OutboxEntry entry)
    {
        Unlist(entry);
        entry.IsTaken = true;
    }

    /// <summary>Lets a held message be taken again, in its place.</summary>
    public void Unhold(OutboxEntry entry)
    {
        entry.IsTaken = false;
        if (entry.RestsUntil is not null)
        {
            _resting.Add(entry);
        }
        else if (entry.InTopic!.Previous is null)
        {
            _ready.Add(entry);
        }

        if (entry.ExpiresAt is not null)
        {
            _expiring.Add(entry);
        }
    }

    public void Remove(OutboxEntry entry)
    {
        _byId.Remove(entry.Id);
        Bytes -= entry.Size;
        _all.Remove(entry.InAll!);
        Unlist(entry);
        LinkedList<OutboxEntry> topic = entry.InTopic!.List!;
        bool wasFirst = topic.First == entry.InTopic;
        topic.Remove(entry.InTopic);
        if (topic.First is not { } first)
        {
            _topics.Remove(entry.Topic);
        }
        else if (wasFirst && !first.Value.IsTaken)
        {
            _ready.Add(first.Value);
        }
    }

    /// <summary>The oldest message that nobody has taken; null when there is none.</summary>
    public OutboxEntry? OldestIdle()
    {
        LinkedListNode<OutboxEntry>? node = _all.First;
        while (node is not null && node.Value.IsTaken)
        {
            node = node.Next;
        }

        return node?.Value;
    }

    /// <summary>Removes the messages whose time to live is over and that nobody has taken.</summary>
    public List<OutboxEntry> RemoveExpired(DateTimeOffset now)
    {
        var expired = new List<OutboxEntry>();
        while (_expiring.Min is { } first && first.ExpiresAt <= now)
        {
            Remove(first);
            expired.Add(first);
        }

        return expired;
    }

    private void Unlist(OutboxEntry entry)
    {
        if (entry.ExpiresAt is not null)
        {
            _expiring.Remove(entry);
        }

        if (entry.RestsUntil is not null)
        {
            _resting.Remove(entry);
        }

        _ready.Remove(entry);
    }

    private static SortedSet<OutboxEntry> By(Func<OutboxEntry, DateTimeOffset> moment) => new(Comparer<OutboxEntry>.Create((one, other) =>
        moment(one).CompareTo(moment(other)) is var order and not 0 ? order : one.Id.CompareTo(other.Id)));
}
