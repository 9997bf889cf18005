namespace Sim7600.EndToEnd.Processes;

/// <summary>Programs of others that a test needs. Where one is missing the test is skipped with the reason; in CI it fails.</summary>
internal static class Tools
{
    /// <summary>Set to 1 where every tool must be there, as in CI.</summary>
    private const string RequireVariable = "SIM7600_REQUIRE_TOOLS";

    public static string Python => Find("python3", "python3");

    public static string Mosquitto => Find("mosquitto", "mosquitto");

    public static string MosquittoSub => Find("mosquitto_sub", "mosquitto-clients");

    public static string MosquittoPub => Find("mosquitto_pub", "mosquitto-clients");

    public static string MosquittoPasswd => Find("mosquitto_passwd", "mosquitto");

    /// <summary>Makes a C program print each line at once also into a pipe.</summary>
    public static string Stdbuf => Find("stdbuf", "coreutils");

    public static string Qemu => Find("qemu-system-arm", "qemu-system-arm");

    public static string ArmCompiler => Find("arm-none-eabi-gcc", "gcc-arm-none-eabi");

    public static string Compiler => Find("gcc", "gcc");

    public static string Make => Find("make", "make");

    public static string Socat => Find("socat", "socat");

    /// <summary>PTYs and signals are POSIX; on other systems the tests of them are skipped.</summary>
    public static void RequirePosix()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("needs Linux: virtual COM ports are PTYs");
        }
    }

    private static string Find(string name, string package)
    {
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        string? found = path.Split(Path.PathSeparator).Append("/usr/sbin").Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (found is null)
        {
            string reason = $"needs {name} (Debian package {package})";
            if (Environment.GetEnvironmentVariable(RequireVariable) == "1")
            {
                Assert.Fail(reason);
            }

            Assert.Ignore(reason);
        }

        return found!;
    }
}
