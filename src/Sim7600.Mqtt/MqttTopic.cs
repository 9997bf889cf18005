using Sim7600.Mqtt.Commands;

namespace Sim7600.Mqtt;

/// <summary>MQTT topic names and filters (MQTT 3.1.1, 4.7).</summary>
public static class MqttTopic
{
    /// <summary>Decides whether a topic filter takes a topic.</summary>
    /// <param name="filter">The filter, with <c>+</c> for one level and <c>#</c> at its end for any number of levels, also none.</param>
    /// <param name="topic">The topic of a message.</param>
    /// <returns>True when it does. A filter that begins with a wildcard takes no topic that begins with <c>$</c>.</returns>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        if (topic.StartsWith("$") && filter is ['+' or '#', ..])
        {
            return false;
        }

        while (true)
        {
            int filterEnd = filter.IndexOf('/');
            ReadOnlySpan<char> wanted = filterEnd < 0 ? filter : filter[..filterEnd];
            if (wanted is "#")
            {
                return true;
            }

            int topicEnd = topic.IndexOf('/');
            if (wanted is not "+" && !wanted.SequenceEqual(topicEnd < 0 ? topic : topic[..topicEnd]))
            {
                return false;
            }

            if (topicEnd < 0)
            {
                // "a/#" takes "a" too.
                return filterEnd < 0 || filter[(filterEnd + 1)..] is "#";
            }

            if (filterEnd < 0)
            {
                return false;
            }

            filter = filter[(filterEnd + 1)..];
            topic = topic[(topicEnd + 1)..];
        }
    }

    /// <summary>What is wrong with the topic of a message: empty, too long for the modem, NUL, no UTF-8 form, or a wildcard.</summary>
    /// <param name="topic">The topic.</param>
    /// <returns>A sentence for people, or null when a message can be published on it.</returns>
    public static string? FindTopicError(string topic) => ErrorOf(() => Cmqtt.PublishTopicBytes(topic, nameof(topic)));

    /// <summary>What is wrong with a topic filter: empty, too long for the modem, NUL, no UTF-8 form, or a wildcard in the wrong place.</summary>
    /// <param name="filter">The filter.</param>
    /// <returns>A sentence for people, or null when it can be subscribed to.</returns>
    public static string? FindFilterError(string filter) => ErrorOf(() => Cmqtt.FilterBytes(filter, nameof(filter)));

    /// <summary>Which wildcard of a topic filter stands in the wrong place, or null.</summary>
    internal static string? FindWildcardError(string filter)
    {
        string[] levels = filter.Split('/');
        for (int index = 0; index < levels.Length; index++)
        {
            string level = levels[index];
            if (level.Contains('#', StringComparison.Ordinal) && (level.Length > 1 || index < levels.Length - 1))
            {
                return "The wildcard # must be the whole last level of a topic filter, as in plant/#.";
            }

            if (level.Contains('+', StringComparison.Ordinal) && level.Length > 1)
            {
                return "The wildcard + must be a whole level of a topic filter, as in plant/+/temp.";
            }
        }

        return null;
    }

    private static string? ErrorOf(Func<byte[]> encode)
    {
        try
        {
            _ = encode();
            return null;
        }
        catch (ArgumentException error)
        {
            string tail = $" (Parameter '{error.ParamName}')";
            return error.Message.Replace(tail, "", StringComparison.Ordinal);
        }
    }
}
