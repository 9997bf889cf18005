namespace Sim7600.Emulator.Scenarios;

/// <summary>Names that a scenario file uses for the fields of <see cref="ModemIdentity"/>.</summary>
internal static class GivenIdentity
{
    public static IReadOnlyList<string> Fields { get; } = ["manufacturer", "model", "revision", "build", "imei", "imsi", "iccid", "secondRevision", "secondBuild", "svn", "deviceInfo", "gcap"];

    /// <summary>A field; what is a number in a module may have an X where a poster hid a digit.</summary>
    public static string Read(string name, JsonDocumentNode node)
    {
        string text = node.AsText(name);
        return name is not ("imei" or "imsi" or "iccid") || (text.Length > 0 && text.All(each => char.IsAsciiDigit(each) || each is 'X' or 'x'))
            ? text
            : throw node.Wrong($"digits for {name}");
    }

    /// <summary>An identity with the given fields in place of its own.</summary>
    public static ModemIdentity Apply(ModemIdentity identity, IReadOnlyDictionary<string, string> given) => identity with
    {
        Manufacturer = given.GetValueOrDefault("manufacturer", identity.Manufacturer),
        Model = given.GetValueOrDefault("model", identity.Model),
        Revision = given.GetValueOrDefault("revision", identity.Revision),
        Build = given.GetValueOrDefault("build", identity.Build),
        Imei = given.GetValueOrDefault("imei", identity.Imei),
        Imsi = given.GetValueOrDefault("imsi", identity.Imsi),
        Iccid = given.GetValueOrDefault("iccid", identity.Iccid),
        SecondRevision = given.GetValueOrDefault("secondRevision") ?? identity.SecondRevision,
        SecondBuild = given.GetValueOrDefault("secondBuild") ?? identity.SecondBuild,
        Svn = given.GetValueOrDefault("svn") ?? identity.Svn,
        DeviceInfo = given.GetValueOrDefault("deviceInfo") ?? identity.DeviceInfo,
        Gcap = given.GetValueOrDefault("gcap", identity.Gcap),
    };
}
