using System.Runtime.CompilerServices;
using Sim7600.Driver.Channel;

namespace Sim7600.Mqtt.Session;

/// <summary>
/// What the two clients of one modem share: who uses which index, and whether we started the service and so have to stop it.
/// </summary>
internal sealed class CmqttService
{
    private static readonly ConditionalWeakTable<AtChannel, CmqttService> Services = [];
    private readonly Lock _gate = new();
    private readonly HashSet<int> _inUse = [];
    private readonly HashSet<int> _payloadLeft = [];
    private readonly HashSet<int> _acquiredByUs = [];
    private bool _startedByUs;

    public static CmqttService Of(AtChannel channel) => Services.GetOrAdd(channel, _ => new CmqttService());

    public void Reserve(int index)
    {
        lock (_gate)
        {
            if (!_inUse.Add(index))
            {
                throw new InvalidOperationException($"MQTT client {index} of this modem is in use; dispose it first, or set ClientIndex to {1 - index}.");
            }
        }
    }

    public void Free(int index)
    {
        lock (_gate)
        {
            _inUse.Remove(index);
        }
    }

    public void Started()
    {
        lock (_gate)
        {
            _startedByUs = true;
            _payloadLeft.Clear();
        }
    }

    /// <summary>Did this program acquire the client over this line? Then nothing is set in it that this program does not know of.</summary>
    public bool IsAcquiredByUs(int index)
    {
        lock (_gate)
        {
            return _acquiredByUs.Contains(index);
        }
    }

    public void NoteAcquired(int index)
    {
        lock (_gate)
        {
            _acquiredByUs.Add(index);
            _payloadLeft.Remove(index);
        }
    }

    /// <summary>May a payload be set in the modem that no PUB has consumed? An empty message would go out with it.</summary>
    public bool IsPayloadLeft(int index)
    {
        lock (_gate)
        {
            return _payloadLeft.Contains(index);
        }
    }

    public void NotePayload(int index, bool left)
    {
        lock (_gate)
        {
            _ = left ? _payloadLeft.Add(index) : _payloadLeft.Remove(index);
        }
    }

    /// <summary>The service is not running any more.</summary>
    public void Stopped()
    {
        lock (_gate)
        {
            _startedByUs = false;
        }
    }

    /// <summary>True when this client is the last one and the service is ours.</summary>
    public bool IsForUsToStop(int index)
    {
        lock (_gate)
        {
            return _startedByUs && !_inUse.Any(other => other != index);
        }
    }
}
