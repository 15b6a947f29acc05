namespace Telemedicine.Media.Fuzz;

internal static class Targets
{
    public static IEnumerable<Target> All() =>
    [
        new StunTarget(), new RtpTarget(), new RtcpTarget(), new FramingTarget(), new SrtpTarget(), new DtlsTarget(),
        new ParametersTarget(), new MediaTarget(), new EngineTarget(),
    ];
}
