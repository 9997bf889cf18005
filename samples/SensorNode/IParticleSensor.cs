namespace SensorNode;

/// <summary>Where the values come from.</summary>
internal interface IParticleSensor : IAsyncDisposable
{
    /// <summary>The latest values; null when there are no fresh ones.</summary>
    Particles? Take();

    /// <summary>How many frames were broken so far.</summary>
    long Garbled { get; }
}
