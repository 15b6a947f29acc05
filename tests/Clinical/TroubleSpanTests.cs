using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Rescue;

namespace Telemedicine.Clinical.Tests;

/// <summary>What lasts and what is over follows from the events alone, in whatever order and however often they come.</summary>
public sealed class TroubleSpanTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 9, 8, 0, 0, TimeSpan.Zero);
    private static readonly Guid Patient = Guid.NewGuid();
    private static readonly Guid Clinician = Guid.NewGuid();

    /// <summary>Events as minute, person and kind: b and e begin and end a trouble (N no media, C connection), + in, - gone, . the end. Then what is left open.</summary>
    public static TheoryData<string, string> Courses => new()
    {
        { "", "" },
        { "1pbN", "pN" },
        { "1pbN 2peN", "" },
        { "1peN", "" },
        { "1pbN 2peN 3pbN", "pN" },
        { "1pbN 1cbN 2peN", "cN" },
        { "1pbC", "pC" },
        { "1pbC 2p-", "pC" },
        { "1pbC 2p- 3p+", "" },
        { "1pbN 2p-", "" },
        { "1pbN 2p+", "pN" },
        { "1pbN 1pbC 2.", "" },
        { "1pbN 2pbN 3peN", "" },
    };

    [Theory]
    [MemberData(nameof(Courses))]
    public void What_lasts_follows_from_the_events(string course, string open)
    {
        var events = course.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Event).ToList();

        var spans = TroubleSpan.Of(events);

        Assert.Equal(open, string.Join(' ', spans.Where(span => span.Until is null).Select(span => $"{(span.PersonId == Patient ? 'p' : 'c')}{span.Trouble.ToString()[0]}")));
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            Assert.Equal(spans, TroubleSpan.Of(events.Concat(events).OrderBy(_ => random.Next())));
        }
    }

    private static ReceivedEvent Event(string text)
    {
        var ended = text[1] == '.';
        return new ReceivedEvent
        {
            Id = Guid.NewGuid(),
            Type = ended ? ConsultationFactType.Ended : text[2] switch
            {
                'b' => ConsultationFactType.TroubleBegan,
                'e' => ConsultationFactType.TroubleEnded,
                '+' => ConsultationFactType.Connected,
                _ => ConsultationFactType.Disconnected,
            },
            ClinicId = ScheduleId.New(),
            ConsultationId = AppointmentId.New(),
            PersonId = ended ? null : text[1] == 'p' ? Patient : Clinician,
            Role = ended ? null : text[1] == 'p' ? ConsultationRole.Patient : ConsultationRole.Clinician,
            At = Start.AddMinutes(text[0] - '0'),
            Trouble = text.Length < 4 ? null : text[3] == 'N' ? CallTrouble.NoMedia : CallTrouble.Connection,
            ReceivedAt = Start,
            Applied = true,
        };
    }
}
