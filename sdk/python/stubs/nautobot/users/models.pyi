from windlass._models import User as User
