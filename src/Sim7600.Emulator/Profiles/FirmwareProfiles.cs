namespace Sim7600.Emulator;

/// <summary>The profiles that come with the emulator.</summary>
public static class FirmwareProfiles
{
    /// <summary>What most logs of real SIM7600 units show.</summary>
    public static FirmwareProfile Sim7600 { get; } = new()
    {
        Name = "sim7600",
        Description = "what most logs of real SIM7600 units show",
    };

    /// <summary>All profiles.</summary>
    public static IReadOnlyList<FirmwareProfile> All { get; } = [Sim7600];

    /// <summary>Finds a profile by its name, in any case.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The profile, or null.</returns>
    public static FirmwareProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
