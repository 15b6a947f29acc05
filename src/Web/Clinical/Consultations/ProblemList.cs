namespace Telemedicine.Clinical.Consultations;

/// <summary>What a consultation was mainly about.</summary>
/// <param name="Code">Kept with the note; it never changes its meaning.</param>
/// <param name="Term">For people to read.</param>
public sealed record Problem(string Code, string Term);

/// <summary>
/// The problems that a note can be coded with: a short list of our own for general practice. The codes are ours and of no published terminology, so that no licence is needed; whoever has one can
/// map them.
/// </summary>
public static class ProblemList
{
    public const int CodeLength = 40;

    /// <summary>By term; what is in no other line comes last.</summary>
    public static IReadOnlyList<Problem> All { get; } =
    [
        new("abdominal-pain", "Abdominal pain"),
        new("acne", "Acne"),
        new("substance-use", "Alcohol or drug use"),
        new("allergy", "Allergy or hay fever"),
        new("anaemia", "Anaemia"),
        new("anxiety", "Anxiety"),
        new("asthma", "Asthma"),
        new("back-pain", "Back pain"),
        new("bereavement", "Bereavement"),
        new("breast", "Breast problem"),
        new("cancer-care", "Cancer care"),
        new("chest-infection", "Chest infection"),
        new("chest-pain", "Chest pain"),
        new("child-development", "Child development or behaviour"),
        new("respiratory-infection", "Cold or flu"),
        new("constipation", "Constipation"),
        new("contraception", "Contraception"),
        new("copd", "COPD"),
        new("cough", "Cough"),
        new("dementia", "Dementia or memory problem"),
        new("depression", "Depression or low mood"),
        new("diabetes", "Diabetes"),
        new("diarrhoea", "Diarrhoea or vomiting"),
        new("dizziness", "Dizziness"),
        new("ear", "Ear problem"),
        new("eczema", "Eczema or dermatitis"),
        new("epilepsy", "Epilepsy"),
        new("eye", "Eye problem"),
        new("fall", "Fall"),
        new("fever", "Fever"),
        new("foot", "Foot problem"),
        new("headache", "Headache or migraine"),
        new("heart-failure", "Heart failure"),
        new("hypertension", "High blood pressure"),
        new("indigestion", "Indigestion or reflux"),
        new("injury", "Injury"),
        new("joint-pain", "Joint pain or arthritis"),
        new("knee-pain", "Knee pain"),
        new("medication-review", "Medication review"),
        new("menopause", "Menopause"),
        new("skin-lesion", "Mole or lump on the skin"),
        new("neck-pain", "Neck pain"),
        new("palpitations", "Palpitations"),
        new("menstrual", "Period problem"),
        new("pregnancy", "Pregnancy or after birth"),
        new("rash", "Rash"),
        new("sexual-health", "Sexual health"),
        new("shoulder-pain", "Shoulder pain"),
        new("skin-infection", "Skin infection"),
        new("sleep", "Sleep problem"),
        new("sore-throat", "Sore throat"),
        new("stroke", "Stroke or TIA"),
        new("results", "Test results"),
        new("thyroid", "Thyroid problem"),
        new("tiredness", "Tiredness"),
        new("urinary", "Urine infection or urinary problem"),
        new("vaccination", "Vaccination"),
        new("weight", "Weight"),
        new("wound", "Wound"),
        new("other", "Other"),
    ];

    private static readonly Dictionary<string, Problem> ByCode = All.ToDictionary(problem => problem.Code, StringComparer.Ordinal);

    /// <summary>Null for a code that is not in the list.</summary>
    public static Problem? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);
}
