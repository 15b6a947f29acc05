using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;

namespace Telemedicine.Clinical.Tests;

/// <summary>The rule of evidence by itself, on made-up mornings.</summary>
public sealed class AttendanceEvidenceTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 9, 9, 0, 0, TimeSpan.FromHours(1));

    /// <summary>Minutes after the start: the clinician's stays (to = null is open), the patient's signs, now, and what is said.</summary>
    public static TheoryData<string, string, int, string?> Mornings => new()
    {
        { "", "", 4, nameof(AttendanceRefusal.TooEarly) },
        { "0-", "", 4, nameof(AttendanceRefusal.TooEarly) },
        { "0-", "", 5, null },
        { "-20-", "", 5, null },
        { "", "", 60, nameof(AttendanceRefusal.ClinicianNotThere) },
        { "0-4", "", 60, nameof(AttendanceRefusal.ClinicianNotThere) },
        { "-20-0", "", 60, nameof(AttendanceRefusal.ClinicianNotThere) },
        { "0-5", "", 60, null },
        { "0-2 10-13", "", 60, null },
        { "0-3 1-4", "", 60, nameof(AttendanceRefusal.ClinicianNotThere) },
        { "56-", "", 60, nameof(AttendanceRefusal.ClinicianNotThere) },
        { "0-", "w-10", 60, nameof(AttendanceRefusal.PatientCame) },
        { "0-", "w59", 60, nameof(AttendanceRefusal.PatientCame) },
        { "0-", "o-10", 60, nameof(AttendanceRefusal.PatientTried) },
        { "0-", "o-10 w-9", 60, nameof(AttendanceRefusal.PatientCame) },
        { "", "o-10", 60, nameof(AttendanceRefusal.PatientTried) },
        { "0-", "l3", 60, null },
        { "0-", "f-10", 60, nameof(AttendanceRefusal.PatientTried) },
        { "0-", "c-300", 60, nameof(AttendanceRefusal.DeviceFailed) },
        { "", "c-300", 60, nameof(AttendanceRefusal.DeviceFailed) },
        { "0-", "c-300 w-9", 60, nameof(AttendanceRefusal.PatientCame) },
    };

    [Theory]
    [MemberData(nameof(Mornings))]
    public void A_patient_missed_it_only_if_the_clinician_was_there_and_they_neither_came_nor_tried(string clinician, string patient, int now, string? refusal)
    {
        var evidence = AttendanceEvidence.Of(Start, isVideo: true, Stays(clinician), Facts(patient), At(now));

        Assert.Equal(refusal, evidence.RefusalOfMissed(At(now))?.GetType().Name);
    }

    [Fact]
    public void On_ten_thousand_mornings_the_rule_holds_whatever_the_order()
    {
        var random = new Random(20260609);
        for (var morning = 0; morning < 10_000; morning++)
        {
            var now = At(random.Next(-30, 120));
            var stays = Enumerable.Range(0, random.Next(5)).Select(_ => (From: random.Next(-40, 130), Length: random.Next(0, 40))).Select(stay => new Stay(At(stay.From), random.Next(4) == 0 ? null : At(stay.From + stay.Length))).ToList();
            var facts = Enumerable.Range(0, random.Next(3)).Select(_ => new AttendanceFact(At(random.Next(-40, 130)), Types[random.Next(Types.Length)])).ToList();

            var evidence = AttendanceEvidence.Of(Start, isVideo: true, stays, facts, now);
            var shuffled = AttendanceEvidence.Of(Start, isVideo: true, stays.Concat(stays).OrderBy(_ => random.Next()), facts.Concat(facts).OrderBy(_ => random.Next()), now);
            var refusal = evidence.RefusalOfMissed(now);

            // Counted minute by minute.
            var minutes = Enumerable.Range(0, 130).Count(minute => At(minute) < now && stays.Exists(stay => stay.From <= At(minute) && (stay.To is not { } to || to > At(minute))));
            Assert.Equal(TimeSpan.FromMinutes(minutes), evidence.ClinicianPresent);
            Assert.Equal((evidence.ClinicianPresent, refusal), (shuffled.ClinicianPresent, shuffled.RefusalOfMissed(now)));
            Assert.Equal(evidence.Facts, shuffled.Facts);
            Assert.Equal(refusal is null, now >= At(5) && minutes >= 5 && !facts.Exists(fact => fact.At <= now && (fact.ShowsPatient || fact.ShowsAttempt)));
            // Nobody can be said to have missed a clinician who can be said not to have come.
            Assert.False(refusal is null && evidence.RefusalOf(NotHeld.ClinicianDidNotCome, now) is null);
        }
    }

    private static readonly AttendanceFactType[] Types = [AttendanceFactType.PatientOpened, AttendanceFactType.PatientWaiting, AttendanceFactType.PatientConnected, AttendanceFactType.PatientLeft, AttendanceFactType.MarkedArrived];

    private static DateTimeOffset At(int minutes) => Start.AddMinutes(minutes);

    private static IEnumerable<Stay> Stays(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(stay =>
    {
        var dash = stay.LastIndexOf('-');
        return new Stay(At(int.Parse(stay[..dash])), dash == stay.Length - 1 ? null : At(int.Parse(stay[(dash + 1)..])));
    });

    private static IEnumerable<AttendanceFact> Facts(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(fact => new AttendanceFact(At(int.Parse(fact[1..])), fact[0] switch
    {
        'o' => AttendanceFactType.PatientOpened,
        'w' => AttendanceFactType.PatientWaiting,
        'f' => AttendanceFactType.PatientFailed,
        'c' => AttendanceFactType.CheckFailed,
        _ => AttendanceFactType.PatientLeft,
    }));
}
