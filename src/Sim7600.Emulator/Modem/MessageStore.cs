namespace Sim7600.Emulator.Modem;

/// <summary>A place for short messages: the card (<c>SM</c>), the module (<c>ME</c>) or the reports (<c>SR</c>). It survives a reset.</summary>
internal sealed class MessageStore(int capacity)
{
    /// <summary>How many messages there is room for; the indexes run from 0.</summary>
    public int Capacity { get; } = capacity;

    /// <summary>The messages by their index; a start state may fill it.</summary>
    public SortedDictionary<int, ShortMessage> Messages { get; } = [];

    /// <summary>Puts a message into the lowest free index.</summary>
    /// <returns>The index, or null when the store is full.</returns>
    public int? Add(ShortMessage message)
    {
        for (int index = 0; index < Capacity; index++)
        {
            if (Messages.TryAdd(index, message))
            {
                return index;
            }
        }

        return null;
    }
}
